package account

import "context"

// HasFactor reports whether an agent's second factor is on.
func (a *Accounts) HasFactor(ctx context.Context, agent string) (bool, error) {
	held, err := a.credentials(ctx, agent)
	return err == nil && held.Factor.Secret != nil, err
}

// StartFactor makes the secret of a second factor. It is off until a code
// confirms that an app knows it.
func (a *Accounts) StartFactor(ctx context.Context, c *Caller) (secret []byte, err error) {
	held, err := a.credentials(ctx, c.Agent.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case held.Password == "":
		return nil, conflict("", "who signs in without a password has the second factor of the sign-on provider")
	case held.Factor.Secret != nil:
		return nil, conflict("", "the second factor is on; switch it off first")
	}
	secret = NewSecret()
	return secret, a.cfg.Store.SetFactor(ctx, c.Agent.ID, Factor{Pending: secret}, nil)
}

// ConfirmFactor switches the second factor on with a code of its app and
// returns the recovery codes, which are shown this once.
func (a *Accounts) ConfirmFactor(ctx context.Context, c *Caller, code string) ([]string, error) {
	held, err := a.credentials(ctx, c.Agent.ID)
	if err != nil {
		return nil, err
	}
	if held.Factor.Pending == nil {
		return nil, conflict("", "no second factor was begun, or it is on already")
	}
	step, ok := matchCode(held.Factor.Pending, code, a.cfg.Now(), held.Factor.Used)
	if !ok {
		return nil, refused(CodeInvalidCode, "the code does not fit: is the clock of the phone right?")
	}
	codes, hashes := newRecoveryCodes()
	if err := a.cfg.Store.SetFactor(ctx, c.Agent.ID, Factor{Secret: held.Factor.Pending, Used: step}, hashes); err != nil {
		return nil, err
	}
	return codes, a.Note(ctx, c, "second_factor_on", c.Agent.ID, "")
}

// DropFactor switches the second factor off.
func (a *Accounts) DropFactor(ctx context.Context, c *Caller, password string) error {
	if err := a.confirm(ctx, c, "password", password); err != nil {
		return err
	}
	if err := a.cfg.Store.SetFactor(ctx, c.Agent.ID, Factor{}, nil); err != nil {
		return err
	}
	return a.Note(ctx, c, "second_factor_off", c.Agent.ID, "")
}
