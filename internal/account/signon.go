package account

import (
	"context"
	"net/url"
	"strings"

	"parley/internal/desk"
	"parley/internal/session"
)

// SignOns are the accounts as people come in through the sign-on provider.
type SignOns struct{ *Accounts }

// SignOns returns the side of the accounts for single sign-on.
func (a *Accounts) SignOns() SignOns { return SignOns{a} }

// Return is what a browser brings back from the sign-on provider.
type Return struct {
	Sealed string // of SignOns.Begin
	State  string
	Code   string
	Fault  string // error of the provider
}

// Name returns the name of the sign-on provider, "" when there is none.
func (s SignOns) Name() string {
	if s.provider == nil {
		return ""
	}
	if name := s.provider.cfg.Name; name != "" {
		return name
	}
	if u, err := url.Parse(s.provider.cfg.Issuer); err == nil && u.Host != "" {
		return u.Hostname()
	}
	return s.provider.cfg.Issuer
}

// Begin returns where the browser signs on, and a sealed text that it
// must bring back within SignOnTime. redirect is our address to come back to.
func (s SignOns) Begin(ctx context.Context, redirect string) (to, sealed string, err error) {
	if s.provider == nil {
		return "", "", notFound("sign-on provider; it is set with oidc-issuer")
	}
	return s.provider.begin(ctx, redirect)
}

// Finish signs in whom the provider knows: an agent it has signed on
// before, one who was invited under a verified e-mail, or, where the settings
// say so, somebody new. CodeSignOnRefused otherwise.
func (s SignOns) Finish(ctx context.Context, back Return, from From) (string, *Caller, error) {
	if s.provider == nil {
		return "", nil, notFound("sign-on provider; it is set with oidc-issuer")
	}
	who, err := s.provider.finish(ctx, back)
	if err != nil {
		s.cfg.Log.InfoContext(ctx, "a sign-on was refused", "error", err.Error())
		return "", nil, err
	}
	agent, err := s.recognise(ctx, who)
	if err != nil {
		if session.CodeOf(err) == CodeSignOnRefused {
			noted := s.Note(ctx, &Caller{From: from}, "sign_on_refused", "", who.Email)
			if noted != nil {
				return "", nil, noted
			}
		}
		return "", nil, err
	}
	return s.enter(ctx, agent, from, "signed_on")
}

// recognise finds or makes the agent of an identity.
func (s SignOns) recognise(ctx context.Context, who *identity) (agent *desk.Agent, err error) {
	err = s.changing.run(ctx, func(ctx context.Context) error {
		agent, err = s.find(ctx, who)
		return err
	})
	return agent, err
}

func (s SignOns) find(ctx context.Context, who *identity) (*desk.Agent, error) {
	rules := s.provider.cfg
	if !rules.admits(who.Email) || len(rules.Domains) > 0 && !bool(who.Verified) {
		return nil, refused(CodeSignOnRefused, "this e-mail address may not come in")
	}
	list, err := s.cfg.Store.AllCredentials(ctx)
	if err != nil {
		return nil, err
	}
	for _, held := range list {
		if held.Subject == who.Subject && held.Issuer == who.Issuer {
			return s.active(held.Agent)
		}
	}
	if who.Email == "" || !bool(who.Verified) {
		return nil, refused(CodeSignOnRefused, "the provider has not verified the e-mail address")
	}
	agent, known := s.cfg.People.AgentByEmail(who.Email)
	if !known {
		return s.welcome(ctx, who)
	}
	for _, held := range list {
		if held.Agent == agent.ID && held.Subject != "" {
			return nil, refused(CodeSignOnRefused, "the agent with this e-mail address signs on as somebody else")
		}
	}
	if _, err := s.active(agent.ID); err != nil {
		return nil, err
	}
	return agent, s.bind(ctx, agent.ID, who)
}

func (s SignOns) active(id string) (*desk.Agent, error) {
	agent, ok := s.cfg.People.Agent(id)
	if !ok || !agent.Active {
		return nil, refused(CodeSignOnRefused, "the account is disabled")
	}
	return agent, nil
}

// welcome makes an agent of somebody who was not invited.
func (s SignOns) welcome(ctx context.Context, who *identity) (*desk.Agent, error) {
	role := s.provider.cfg.Role
	if role == "" {
		return nil, refused(CodeSignOnRefused, "ask an admin for an invitation")
	}
	at := s.cfg.Now()
	name, _, _ := strings.Cut(who.Email, "@")
	if strings.TrimSpace(who.Name) != "" {
		name = strings.TrimSpace(who.Name)
	}
	agent := &desk.Agent{
		ID: session.NewID(at).String(), Email: who.Email, Name: name, Role: role, Departments: []string{},
		Capacity: session.DefaultCapacity, Presence: desk.PresenceOffline, Active: true, CreatedMs: at.UnixMilli(),
	}
	if err := s.cfg.People.SaveAgent(ctx, agent); err != nil {
		return nil, err
	}
	return agent, s.bind(ctx, agent.ID, who)
}

// bind lets an identity sign on as an agent from now on. His link has done its
// work.
func (s SignOns) bind(ctx context.Context, agent string, who *identity) error {
	if err := s.cfg.Store.SetSubject(ctx, agent, who.Issuer, who.Subject); err != nil {
		return err
	}
	if err := s.cfg.Store.DropInvitations(ctx, agent); err != nil {
		return err
	}
	return s.Note(ctx, nil, "sign_on_bound", agent, who.Issuer)
}
