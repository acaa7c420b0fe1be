package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"parley/internal/account"
	"parley/internal/blob"
	"parley/internal/config"
	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/moving"
	"parley/internal/session"
	"parley/internal/store/postgres"
	"parley/internal/store/sqlite"
	"parley/internal/telemetry"
)

// engine is an open store with its ports, whatever keeps the rows.
type engine struct {
	session.Store
	name     string // sqlite or postgres
	outbox   session.Outbox
	registry session.Registry
	archive  session.Archive
	desk     desk.Store
	queue    desk.Queue
	accounts account.Store
	index    inbox.Index
	files    blob.Index
	moving   moving.Target
	objects  blob.Objects // the bytes of files

	healthy func() error
	stats   func() (commits, changes uint64)
	retries func() uint64 // nil: it runs nothing again
	trim    func(context.Context) error
	commons *commons // what nodes have in common; nil: one node has the store
}

// openEngine opens what the settings name.
func openEngine(ctx context.Context, cfg config.Config, metrics *telemetry.Metrics) (*engine, error) {
	if cfg.Store != "" {
		return openPostgres(ctx, cfg, metrics)
	}
	return openSQLite(ctx, cfg, metrics)
}

func openSQLite(ctx context.Context, cfg config.Config, metrics *telemetry.Metrics) (*engine, error) {
	s, err := sqlite.Open(ctx, cfg.Data, sqlite.Options{Observe: metrics.Commit})
	if err != nil {
		return nil, err
	}
	e := &engine{
		Store: s, name: "sqlite", outbox: s.Outbox(), registry: s.Registry(), archive: s.Archive(), desk: s.Desk(), queue: s.Queue(),
		accounts: s.Accounts(), index: s.Index(), files: s.Files(), moving: s.Moving(), healthy: s.Healthy, trim: s.Trim,
		stats: func() (commits, changes uint64) {
			n := s.Stats()
			return uint64(n.Commits), uint64(n.Tasks)
		},
	}
	if e.objects, err = blob.OpenDirectory(filepath.Join(cfg.Data, "files")); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return e, nil
}

func openPostgres(ctx context.Context, cfg config.Config, metrics *telemetry.Metrics) (*engine, error) {
	s, err := postgres.Open(ctx, cfg.Store, postgres.Options{Node: nodeName(cfg), Observe: metrics.Commit})
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return &engine{
		Store: s, name: "postgres", outbox: s.Outbox(), registry: s.Registry(), archive: s.Archive(), desk: s.Desk(), queue: s.Queue(),
		accounts: s.Accounts(), index: s.Index(), files: s.Files(), moving: s.Moving(), objects: s.Objects(), healthy: s.Healthy, trim: s.Trim,
		stats: func() (commits, changes uint64) {
			n := s.Stats()
			return uint64(n.Commits), uint64(n.Tasks)
		},
		retries: func() uint64 { return uint64(s.Stats().Retries) },
		commons: &commons{members: s.Cluster(), marks: s.Marks(), shelves: s.Shelves(), alone: s.Alone},
	}, nil
}
