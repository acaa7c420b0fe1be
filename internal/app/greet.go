package app

import (
	"context"
	"fmt"
	"io"

	"parley/internal/account"
	deskface "parley/internal/face/desk"
)

// greet says where the server is and how to try it. A server without an
// integration makes one, and shows its key this once.
func (s *server) greet(ctx context.Context, env *Environment, at Addresses) error {
	base := s.base
	fmt.Fprintf(env.Stdout, "Parley %s serves %s\n", env.Version, base)
	if at.Metrics != "" {
		fmt.Fprintf(env.Stdout, "Health and metrics: http://%s/healthz, /readyz, /metrics\n", at.Metrics)
	}
	if err := patiently(ctx, s.log, func(ctx context.Context) error { return s.welcome(ctx, env, base) }); err != nil {
		return err
	}
	if s.cfg.Demo {
		defer fmt.Fprintf(env.Stdout, "Demo: a page with the chat widget at %s/demo, the desk at %s/desk/\n", base, base)
	}
	var first *createdIntegration
	err := patiently(ctx, s.log, func(ctx context.Context) (err error) {
		first, err = s.first(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if first == nil {
		fmt.Fprintf(env.Stdout, "Data: %s (integrations: parley integration list --data %s; a new key: parley key create)\n", s.cfg.Data, s.cfg.Data)
		return nil
	}
	fmt.Fprintf(env.Stdout, "Data: %s\n\nIntegration: %s\nAPI key:     %s   (shown this once)\n", s.cfg.Data, first.Integration, first.Key)
	tour(env.Stdout, base, *first)
	return nil
}

// first makes an integration where there is none yet, nil otherwise. Of nodes that
// start together one does.
func (s *server) first(ctx context.Context) (*createdIntegration, error) {
	if len(s.directory.Integrations()) > 0 {
		return nil, nil
	}
	var first *createdIntegration
	err := s.peers.alone().Run(ctx, "first", func(ctx context.Context) error {
		if err := s.directory.Reload(ctx); err != nil || len(s.directory.Integrations()) > 0 {
			return err
		}
		made, err := createIntegration(ctx, s.Node, firstIntegration(s.cfg.Demo))
		if one, ok := made.(createdIntegration); ok && err == nil {
			first = &one
		}
		return err
	})
	return first, err
}

// welcome prints the link that makes the first admin of the desk, as long as
// nobody can sign in as one. Of many nodes the one that leads does: a newer link
// ends an older one.
func (s *server) welcome(ctx context.Context, env *Environment, base string) error {
	if !s.peers.leads() {
		return nil
	}
	token, err := s.accounts.Members().Setup(ctx)
	if err != nil || token == "" {
		return err
	}
	_, err = fmt.Fprintf(env.Stdout, "Desk: nobody can sign in as an admin yet. Make the first one here (once, within %d hours):\n  %s%s%s\n",
		int(account.SetupLife.Hours()), base, deskface.InvitationPath, token)
	return err
}

func scheme(cert string) string {
	if cert != "" {
		return "https"
	}
	return "http"
}

// tour prints three curl lines: open a session, send a message, read the
// transcript with the answer.
func tour(w io.Writer, base string, in createdIntegration) {
	fmt.Fprintf(w, "\nTry it:\n")
	fmt.Fprintf(w, `  S=$(curl -s %s/v1/custom/%s/sessions -H 'Authorization: apikey %s' -H 'Content-Type: application/json' -d '{"channel_user_id":"ada","context":{"user":{"display_name":"Ada"}}}' | tee /dev/stderr | grep -o '"session_id":"[^"]*' | cut -d'"' -f4); echo`+"\n",
		base, in.Integration, in.Key)
	fmt.Fprintf(w, `  curl -s %s/v1/custom/%s/sessions/$S/messages -H 'Authorization: apikey %s' -H 'Content-Type: application/json' -d '{"input":{"text":"hello"}}'; echo`+"\n",
		base, in.Integration, in.Key)
	fmt.Fprintf(w, `  curl -s %s/api/v1/integrations/%s/sessions/$S/messages -H 'Authorization: apikey %s'; echo`+"\n\n",
		base, in.Integration, in.Key)
}
