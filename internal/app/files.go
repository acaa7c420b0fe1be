package app

import (
	"context"
	"path/filepath"
	"strings"
	"sync"

	"parley/internal/blob"
)

// openFiles takes the keys of files' URLs, which lie beside the store, or in it.
func (n *Node) openFiles() error {
	keys, err := fileKeys(n)
	if err != nil {
		return err
	}
	n.files = blob.New(blob.Config{
		Index: n.store.files, Objects: n.store.objects, Keys: keys, Leads: n.peers.leads, Base: func() string { return n.base }, Now: n.now, Log: n.log,
	})
	return nil
}

func fileKeys(n *Node) (*blob.Keys, error) {
	if n.peers != nil {
		return blob.NewKeys(ring{n.peers.commons.marks}, n.now())
	}
	return blob.OpenKeys(filepath.Join(n.cfg.Data, "files.key"), n.now())
}

// baseOf is where clients reach a server that listens on an address.
func (n *Node) baseOf(at Addresses) string {
	if n.cfg.PublicURL != "" {
		return strings.TrimSuffix(n.cfg.PublicURL, "/")
	}
	return scheme(n.cfg.TLSCert) + "://" + at.Public
}

// sweeping is the sweep of files beside the work of a server.
type sweeping struct {
	stop context.CancelFunc
	done sync.WaitGroup
}

func (w *sweeping) start(ctx context.Context, files *blob.Files) {
	ctx, w.stop = context.WithCancel(ctx)
	w.done.Go(func() { files.Run(ctx) })
}

// end stops the sweep, if it was started, and waits for it.
func (w *sweeping) end() {
	if w.stop != nil {
		w.stop()
	}
	w.done.Wait()
}
