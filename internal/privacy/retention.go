package privacy

import (
	"context"
	"time"

	"parley/internal/session"
)

const (
	retainEvery = 10 * time.Minute
	retainStep  = 100 // chains of one look; each is a transaction of its own
)

// Start erases what integrations keep no longer, until Stop.
func (k *Keeper) Start(ctx context.Context) {
	ctx, k.stop = context.WithCancel(context.WithoutCancel(ctx))
	k.done.Go(func() {
		tick := time.NewTicker(retainEvery)
		defer tick.Stop()
		for {
			if k.cfg.Leads == nil || k.cfg.Leads() {
				if _, err := k.Retain(ctx); err != nil && ctx.Err() == nil {
					k.cfg.Log.ErrorContext(ctx, "retention", "error", err.Error())
				}
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// Stop ends the work of Start; what it had begun is whole or not done.
func (k *Keeper) Stop() {
	if k.stop != nil {
		k.stop()
	}
	k.done.Wait()
}

// Retain erases every chain that ended before its integration's retention_days,
// and returns how many went.
func (k *Keeper) Retain(ctx context.Context) (int, error) {
	total := 0
	for _, in := range k.cfg.Integrations() {
		if in.Settings.RetentionDays == 0 {
			continue
		}
		n, err := k.retain(ctx, in)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

func (k *Keeper) retain(ctx context.Context, in *session.Integration) (int, error) {
	limit := k.cfg.Now().AddDate(0, 0, -in.Settings.RetentionDays).UnixMilli()
	total := 0
	for ctx.Err() == nil {
		chains, err := k.cfg.Archive.Ended(ctx, in.ID, limit, retainStep)
		if err != nil || len(chains) == 0 {
			return total, err
		}
		erased := 0
		for _, id := range chains {
			proof, err := k.people().EraseChain(ctx, in, id, limit, k.options("retention"))
			if err != nil {
				return total, err
			}
			if proof != nil {
				erased++
			}
		}
		if total += erased; erased == 0 {
			return total, nil // all of them were opened again meanwhile
		}
	}
	return total, nil
}
