package history

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// Gate is a directory by which a run holds turns of the bot where they are: the
// bot says there that the turn of a token waits, and waits until it may go on.
// Files, so that processes that are stopped, killed or cut off can use it.
type Gate string

// Hold is the bot's: it returns when the gate is open for a token at the bot's
// node, or ctx's error.
func (g Gate) Hold(ctx context.Context, token, node string) error {
	if err := g.put(token + ".held"); err != nil {
		return err
	}
	return g.wait(ctx, token+".open."+node)
}

// Held returns when the turn of a token waits at the gate, or ctx's error.
func (g Gate) Held(ctx context.Context, token string) error { return g.wait(ctx, token+".held") }

// Open lets every turn of a token pass at a node, now and later.
func (g Gate) Open(token, node string) error { return g.put(token + ".open." + node) }

func (g Gate) put(name string) error {
	return os.WriteFile(filepath.Join(string(g), name), nil, 0o600)
}

func (g Gate) wait(ctx context.Context, name string) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(filepath.Join(string(g), name)); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
