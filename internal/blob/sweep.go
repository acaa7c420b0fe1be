package blob

import (
	"context"
	"time"

	"parley/internal/session"
)

const (
	sweepEvery = 10 * time.Minute
	sweepStep  = 200
	// orphanAge is how long an object may lie without a row: an upload that was
	// stored a moment ago has none yet.
	orphanAge = time.Hour
)

// Run sweeps now and then until ctx ends.
func (f *Files) Run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := f.Sweep(ctx); err != nil && ctx.Err() == nil {
			f.cfg.Log.ErrorContext(ctx, "sweep of files", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sweep removes what was never uploaded, what was uploaded and never sent, and
// bytes that belong to nothing; and turns the keys. Of many nodes each looks after
// its keys and the one that leads does the rest.
func (f *Files) Sweep(ctx context.Context) error {
	at := f.cfg.Now()
	if err := f.cfg.Keys.Age(at); err != nil {
		return err
	}
	if f.cfg.Leads != nil && !f.cfg.Leads() {
		return nil
	}
	for state, age := range map[State]time.Duration{
		StateReserved: session.UploadLife + session.UploadTime + time.Hour, StateReady: session.UnusedFileLife,
	} {
		if err := f.drop(ctx, state, at.Add(-age).UnixMilli()); err != nil {
			return err
		}
	}
	return f.dropOrphans(ctx, at.Add(-orphanAge).UnixMilli())
}

func (f *Files) drop(ctx context.Context, state State, beforeMs int64) error {
	for {
		objects, n, err := f.cfg.Index.DropFiles(ctx, state, beforeMs, sweepStep)
		if err != nil {
			return err
		}
		if err := f.delete(ctx, objects); err != nil || n < sweepStep {
			return err
		}
	}
}

func (f *Files) delete(ctx context.Context, objects []string) error {
	for _, name := range objects {
		if err := f.cfg.Objects.Delete(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (f *Files) dropOrphans(ctx context.Context, beforeMs int64) error {
	var found []string
	settle := func() error {
		owned, err := f.cfg.Index.Owned(ctx, found)
		if err != nil {
			return err
		}
		for _, name := range found {
			if !owned[name] {
				if err := f.cfg.Objects.Delete(ctx, name); err != nil {
					return err
				}
			}
		}
		found = found[:0]
		return nil
	}
	err := f.cfg.Objects.Older(ctx, beforeMs, func(name string) error {
		found = append(found, name)
		if len(found) < sweepStep {
			return nil
		}
		return settle()
	})
	if err != nil {
		return err
	}
	return settle()
}
