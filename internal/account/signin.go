package account

import (
	"context"
	"strings"

	"parley/internal/desk"
	"parley/internal/session"
)

// Attempt is what somebody types to sign in.
type Attempt struct {
	Email    string
	Password string
	Code     string // of the second factor, or a recovery code; "" = none given
}

// SignIn returns a cookie for the right e-mail, password and code. Refusals:
// CodeInvalidCredentials for everything that is wrong, in the same time;
// CodeCodeRequired; CodeLocked with RetryAfter.
func (a *Accounts) SignIn(ctx context.Context, try Attempt, from From) (string, *Caller, error) {
	agent, known := a.cfg.People.AgentByEmail(strings.TrimSpace(try.Email))
	name := guessName(agent, try.Email)
	if err := a.gate.begin(name, from); err != nil {
		return "", nil, err
	}
	if !known {
		agent = &desk.Agent{}
	}
	err := a.verify(ctx, agent, try)
	switch session.CodeOf(err) {
	case CodeInvalidCredentials:
		return "", nil, a.wrong(ctx, name, agent.ID, from, err)
	case CodeCodeRequired, session.CodeUnavailable:
		a.gate.neither(name, from)
	}
	if err != nil {
		return "", nil, err
	}
	a.gate.right(name, from)
	return a.enter(ctx, agent, from, "signed_in")
}

// guessName is what the guesses of an account are counted by. It is the
// agent's where there is one: an address has many spellings.
func guessName(agent *desk.Agent, email string) string {
	if agent != nil {
		return agent.ID
	}
	h := hashText(strings.ToLower(strings.TrimSpace(email))) // as long as any other name
	return string(h[:])
}

// wrong notes a wrong try that locks something; a mere slip is no event.
// subject is the agent, "" for a stranger.
func (a *Accounts) wrong(ctx context.Context, name, subject string, from From, refusal error) error {
	if !a.gate.locked(name, from) {
		return refusal
	}
	if err := a.Note(ctx, &Caller{From: from}, "locked", subject, "too many wrong sign-ins"); err != nil {
		return err
	}
	return refusal
}

// verify hashes a password whether or not there is such an agent.
func (a *Accounts) verify(ctx context.Context, agent *desk.Agent, try Attempt) error {
	held, err := a.credentials(ctx, agent.ID)
	if err != nil {
		return err
	}
	fits, outdated, err := a.passwords.Check(ctx, held.Password, try.Password)
	if err != nil {
		return err
	}
	if !fits || !agent.Active {
		return errCredentials()
	}
	if held.Factor.Secret != nil {
		if try.Code == "" {
			return refused(CodeCodeRequired, "give the code of the authenticator app, or a recovery code")
		}
		if err := a.useCode(ctx, held, try.Code); err != nil {
			return err
		}
	}
	if outdated {
		return a.rehash(ctx, held, try.Password)
	}
	return nil
}

func (a *Accounts) rehash(ctx context.Context, held *Credentials, password string) error {
	anew, err := a.passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	return a.cfg.Store.Rehash(ctx, held.Agent, held.Password, anew)
}

// useCode takes a code of the second factor, or a recovery code, once.
func (a *Accounts) useCode(ctx context.Context, held *Credentials, code string) error {
	used := false
	var err error
	if step, ok := matchCode(held.Factor.Secret, code, a.cfg.Now(), held.Factor.Used); ok {
		used, err = a.cfg.Store.UseStep(ctx, held.Agent, step)
	} else if hash, ok := recoveryHash(code); ok {
		if used, err = a.cfg.Store.UseRecovery(ctx, held.Agent, hash); used {
			err = a.Note(ctx, nil, "recovery_code_used", held.Agent, "")
		}
	}
	if err == nil && !used {
		err = errCredentials()
	}
	return err
}

// confirm checks the password of somebody who is signed in: a cookie alone
// changes neither password nor second factor.
func (a *Accounts) confirm(ctx context.Context, c *Caller, field, password string) error {
	held, err := a.credentials(ctx, c.Agent.ID)
	if err != nil {
		return err
	}
	name := c.Agent.ID
	if err := a.gate.begin(name, c.From); err != nil {
		return err
	}
	fits, _, err := a.passwords.Check(ctx, held.Password, password)
	if err != nil {
		a.gate.neither(name, c.From)
		return err
	}
	if !fits {
		return a.wrong(ctx, name, name, c.From, &session.Error{Code: CodeInvalidCredentials, Field: field, Message: "is not the password"})
	}
	a.gate.right(name, c.From)
	return nil
}

// ChangePassword replaces the caller's password and ends his other logins.
func (a *Accounts) ChangePassword(ctx context.Context, c *Caller, current, next string) error {
	if err := CheckPassword("new", next, c.Agent.Email, c.Agent.Name); err != nil {
		return err
	}
	if err := a.confirm(ctx, c, "current", current); err != nil {
		return err
	}
	if err := a.setPassword(ctx, c.Agent.ID, next); err != nil {
		return err
	}
	if err := a.endLogins(ctx, c.Agent.ID, c.Login.Hash); err != nil {
		return err
	}
	return a.Note(ctx, c, "password_changed", c.Agent.ID, "")
}

func (a *Accounts) setPassword(ctx context.Context, agent, password string) error {
	hash, err := a.passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	return a.cfg.Store.SetPassword(ctx, agent, hash)
}
