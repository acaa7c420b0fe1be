package app

import (
	"context"
	"fmt"

	"parley/internal/dialog"
	"parley/internal/script"
	"parley/internal/session"
)

// refuse turns the first error of a bot directory into a refusal.
func refuse(dir string, found []dialog.Diagnostic) error {
	for _, d := range found {
		if d.Severity == dialog.Error {
			return session.Invalid("bot", "%s has errors: %s", dir, d.String())
		}
	}
	return nil
}

// loadBots loads the bots of all integrations, and with --demo the one of
// integrations that name none. A directory that does not parse keeps its
// integration from answering, not the server from serving.
func (s *server) loadBots() error {
	for _, in := range s.directory.Integrations() {
		if dir := in.Settings.Bot; dir != "" && !s.bots.Released(dir) {
			found, ok := s.bots.Load(dir)
			if err := refuse(dir, found); err != nil {
				s.log.Error("a bot has errors", "integration", in.ID, "runs", ok, "error", err.Error())
			}
		}
	}
	if !s.cfg.Demo {
		return nil
	}
	dir, err := unpackDemo(s.cfg.Data)
	if err != nil {
		return err
	}
	bot, found := script.Load(dir, s.scripts)
	if bot == nil {
		return refuse(dir, found)
	}
	s.bots.SetDefault(bot)
	return nil
}

func listBots(_ context.Context, n *Node, _ struct{}) (any, error) {
	return map[string]any{"bots": n.bots.Dirs()}, nil
}

// reloadBots loads every bot directory again. What is broken is named, and what
// ran before goes on.
func reloadBots(ctx context.Context, n *Node, _ struct{}) (any, error) {
	if n.peers != nil { // the other nodes read their directories, too
		if err := n.peers.commons.marks.Raise(ctx, revisionBots); err != nil {
			return nil, err
		}
		n.peers.tell(revisionBots)
	}
	for dir, found := range n.bots.Reload() {
		if err := refuse(dir, found); err != nil {
			return nil, fmt.Errorf("%w; the version in service stays", err)
		}
	}
	return listBots(ctx, n, struct{}{})
}
