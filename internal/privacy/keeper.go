package privacy

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/internal/blob"
	"parley/internal/session"
)

// Config of a keeper. Every field but Leads is required.
type Config struct {
	Core         *session.Core
	Archive      session.Archive
	Files        blob.Index
	Objects      blob.Objects
	Integrations func() []*session.Integration
	Backups      time.Duration // how long the operator keeps backups; 0: none are kept
	Now          func() time.Time
	Log          *slog.Logger
	Leads        func() bool // whether this node erases what is kept no longer; nil: it does
}

// Keeper gives out and erases the data of people. Safe for concurrent use.
type Keeper struct {
	cfg  Config
	stop context.CancelFunc
	done sync.WaitGroup
}

// New returns a keeper.
func New(cfg Config) *Keeper { return &Keeper{cfg: cfg} }

// Erase ends the open sessions of a person and deletes everything known about it,
// files and waiting webhooks included. by is the agent's id, or "api".
func (k *Keeper) Erase(ctx context.Context, in *session.Integration, client session.ID, by string) (*session.Erasure, error) {
	files, err := k.files(ctx, client)
	if err != nil {
		return nil, err
	}
	proof, err := k.people().Erase(ctx, in, client, k.options(by))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := k.cfg.Objects.Delete(ctx, f.Object); err != nil {
			return proof, err // the sweep of objects without a row tries again
		}
	}
	k.cfg.Log.InfoContext(ctx, "erased a person", "integration", in.ID, "erasure", proof.ID.String(), "by", by)
	return proof, nil
}

func (k *Keeper) people() session.People { return session.People{Core: k.cfg.Core} }

// Find finds a person. It returns session.CodeNotFound where there is none.
func (k *Keeper) Find(ctx context.Context, in *session.Integration, ref session.PersonRef) (*session.Client, error) {
	return k.people().Find(ctx, in, ref)
}

func (k *Keeper) options(by string) session.EraseOptions {
	return session.EraseOptions{By: by, BackupsMs: k.cfg.Backups.Milliseconds()}
}

// files returns those of a client whose bytes are there.
func (k *Keeper) files(ctx context.Context, client session.ID) ([]*blob.File, error) {
	list, err := k.cfg.Files.ClientFiles(ctx, client)
	return slices.DeleteFunc(list, func(f *blob.File) bool { return f.Object == "" }), err
}

// Erasures lists proofs of an integration, newest first, with an id below before
// (zero: the newest).
func (k *Keeper) Erasures(ctx context.Context, in *session.Integration, before session.ID, limit int) ([]*session.Erasure, error) {
	return k.cfg.Archive.Erasures(ctx, in.ID, before, limit)
}
