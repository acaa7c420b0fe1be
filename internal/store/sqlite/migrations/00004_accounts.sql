-- What agents sign in with. The agents themselves are the desk's.

-- +goose Up
CREATE TABLE credentials (
	agent TEXT PRIMARY KEY,
	password TEXT NOT NULL DEFAULT '',  -- PHC string
	issuer TEXT NOT NULL DEFAULT '',    -- single sign-on
	subject TEXT NOT NULL DEFAULT '',
	factor BLOB,                        -- secret of RFC 6238
	factor_pending BLOB,
	factor_used INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE UNIQUE INDEX credentials_subject ON credentials (issuer, subject) WHERE subject <> '';

CREATE TABLE recovery_codes (
	agent TEXT NOT NULL,
	hash BLOB NOT NULL,
	PRIMARY KEY (agent, hash)
) WITHOUT ROWID;

CREATE TABLE logins (
	hash BLOB PRIMARY KEY,              -- of the cookie
	agent TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	seen_ms INTEGER NOT NULL,
	address TEXT NOT NULL,
	browser TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX logins_agent ON logins (agent, created_ms);
CREATE INDEX logins_created ON logins (created_ms);

CREATE TABLE invitations (
	hash BLOB PRIMARY KEY,              -- of the link's token
	agent TEXT NOT NULL UNIQUE,         -- '' = the first admin
	created_ms INTEGER NOT NULL,
	expires_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at_ms INTEGER NOT NULL,
	agent TEXT NOT NULL,
	action TEXT NOT NULL,
	subject TEXT NOT NULL,
	detail TEXT NOT NULL,
	address TEXT NOT NULL
);

-- The log is written, never rewritten.
-- +goose StatementBegin
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit log is append only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit log is append only');
END;
-- +goose StatementEnd
