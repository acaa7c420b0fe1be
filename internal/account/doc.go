// Package account decides who may work at the desk: passwords, sign-in with a
// cookie, a second factor, single sign-on, invitations, roles, and the audit
// log of what people did.
//
// The list of people itself belongs to package desk; an account is what an
// agent signs in with. Everything that can be guessed is either 128 random
// bits or more, or stands behind [Guesses]; only hashes are stored.
package account
