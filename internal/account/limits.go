package account

import "time"

// Limits of accounts. They concern nobody but this package, so they do not
// stand in the table of the product (contract (f)).
const (
	// MinPasswordChars and MaxPasswordChars bound a password, in characters.
	// The upper bound keeps a request from hashing a book.
	MinPasswordChars = 10
	MaxPasswordChars = 128
	// MinPasswordKinds is how many different characters a password has at least.
	MinPasswordKinds = 5

	// LoginIdle and LoginLife end a login: without a request, and in any case.
	LoginIdle = 12 * time.Hour
	LoginLife = 7 * 24 * time.Hour
	// LoginNoted is how exactly the last request of a login is kept.
	LoginNoted = time.Minute
	// MaxLogins of one agent; the oldest gives way.
	MaxLogins = 20

	// InvitationLife and SetupLife end one-time links: of an invitation, and of
	// the first start.
	InvitationLife = 7 * 24 * time.Hour
	SetupLife      = 24 * time.Hour

	// Wrong sign-ins that cost nothing: of one account and of one address. Every
	// further one locks, from LockFirst on twice as long each time, up to LockMost.
	FreeGuessesOfAccount = 5
	FreeGuessesOfAddress = 20
	LockFirst            = 5 * time.Second
	LockMost             = 15 * time.Minute
	// GuessMemory is how long a wrong sign-in counts.
	GuessMemory = time.Hour
	// GuessedNames bounds the accounts, and the addresses, that are watched.
	GuessedNames = 50_000

	// HashesAtOnce and HashWait bound the memory and time that sign-in can take:
	// so many passwords are hashed at once, and a caller waits no longer.
	HashesAtOnce = 2
	HashWait     = 5 * time.Second

	// CodeStep and CodeDrift of RFC 6238: how long a code lives, and how many
	// steps a clock may be off.
	CodeStep  = 30 * time.Second
	CodeDrift = 1
	// RecoveryCodes are given out when the second factor is switched on.
	RecoveryCodes = 10

	// SignOnTime is how long a person may take at the sign-on provider,
	// ProviderTimeout how long the provider may take to answer the server.
	SignOnTime      = 10 * time.Minute
	ProviderTimeout = 10 * time.Second

	// MaxBrowserChars is how much of a User-Agent is kept.
	MaxBrowserChars = 200

	// Pages of the audit log.
	AuditPage    = 50
	MaxAuditPage = 200
)
