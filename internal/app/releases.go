package app

import (
	"context"
	"fmt"
)

// shelved runs a change of a bot's releases: alone, on what the nodes have in
// common, and gives them the outcome.
func (p *peers) shelved(ctx context.Context, bot string, change func(context.Context) error) error {
	if p == nil {
		return change(ctx)
	}
	bots, shelves := p.node.bots, p.commons.shelves
	err := p.commons.alone(ctx, "releases", func(ctx context.Context) error {
		if err := bots.Adopt(ctx, shelves); err != nil {
			return err
		}
		if err := change(ctx); err != nil {
			return err
		}
		return bots.Offer(ctx, shelves, bot)
	})
	p.tell(revisionReleases)
	return err
}

// shareReleases takes the releases that nodes have in common, and gives them those
// that only this one's directory has, as after a move from one node to many.
func (p *peers) shareReleases(ctx context.Context) error {
	if p == nil {
		return nil
	}
	bots, shelves := p.node.bots, p.commons.shelves
	return p.commons.alone(ctx, "releases", func(ctx context.Context) error {
		if err := bots.Adopt(ctx, shelves); err != nil {
			return err
		}
		known, err := shelves.States(ctx)
		if err != nil {
			return err
		}
		sources, err := bots.Sources()
		for _, source := range sources {
			if _, shared := known[source]; !shared && err == nil {
				err = bots.Offer(ctx, shelves, source)
			}
		}
		if err != nil {
			return fmt.Errorf("the releases of bots: %w", err)
		}
		return nil
	})
}
