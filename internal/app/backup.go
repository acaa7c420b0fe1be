package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"parley/internal/config"
	"parley/internal/moving"
	"parley/internal/session"
	"parley/internal/store/sqlite"
)

type backupCommand struct {
	store
	File string `arg:"" type:"path" placeholder:"FILE" help:"Archive to write; it must not exist."`
}

// Help shows an example.
func (backupCommand) Help() string {
	return "Works while the server runs: the server writes the file. The copy is of one moment.\n\nExample:\n\n  parley backup --data ./parley-data /var/backups/parley.zip"
}

// Run writes a backup.
func (c *backupCommand) Run(p *process) error {
	return p.ask(c.store, "backup", backupArgs{File: c.File}, printCopied)
}

// backupArgs name the archive.
type backupArgs struct {
	File string `json:"file"` // absolute
}

// copied is what the commands that move data answer.
type copied struct {
	File    string                `json:"file,omitempty"`
	Bytes   int64                 `json:"bytes,omitempty"`
	Tables  map[string]moving.Sum `json:"tables"`
	Objects map[string]int64      `json:"objects"`
}

func printCopied(p *printer) {
	var c copied
	if err := json.Unmarshal(p.raw, &c); err != nil {
		fmt.Fprintln(p.tab, err)
		return
	}
	fmt.Fprintln(p.tab, "WHAT\tROWS")
	for _, name := range slices.Sorted(maps.Keys(c.Tables)) {
		if rows := c.Tables[name].Rows; rows > 0 {
			fmt.Fprintf(p.tab, "%s\t%d\n", name, rows)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Objects)) {
		fmt.Fprintf(p.tab, "%s/\t%d\n", name, c.Objects[name])
	}
	fmt.Fprintf(p.tab, "%s\t%d bytes\n", c.File, c.Bytes)
}

// backup writes everything into an archive that appears when it is whole.
func backup(ctx context.Context, n *Node, args backupArgs) (any, error) {
	if !filepath.IsAbs(args.File) {
		return nil, session.Invalid("file", "%q is no absolute path", args.File)
	}
	if _, err := os.Stat(args.File); err == nil {
		return nil, session.Invalid("file", "%s exists", args.File)
	}
	part := args.File + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, session.Invalid("file", "%s", err.Error())
	}
	out, err := n.backup(ctx, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, args.File)
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(part))
	}
	out.File = args.File
	return out, nil
}

func (n *Node) backup(ctx context.Context, f *os.File) (*copied, error) {
	bots, err := moving.OpenFolder(releasesDir(n.cfg))
	if err != nil {
		return nil, err
	}
	defer bots.Close()
	head := moving.Head{Program: n.env.Version, Engine: n.store.name, At: n.now().UTC()}
	folders := map[string]moving.Objects{"files": n.store.objects, "bots": bots}
	m, err := moving.Backup(ctx, f, head, n.store.moving, folders, func(string, int64, bool) {})
	if err != nil {
		return nil, err
	}
	size, err := f.Seek(0, io.SeekCurrent)
	return &copied{Bytes: size, Tables: m.Tables, Objects: m.Objects}, err
}

type restoreCommand struct {
	store
	File string `arg:"" type:"existingfile" placeholder:"FILE" help:"Archive that parley backup wrote."`
}

// Help shows an example.
func (restoreCommand) Help() string {
	return "The data directory must be new or empty, and no server may run on it.\n\nExample:\n\n  parley restore --data ./parley-data-2 /var/backups/parley.zip"
}

// Run restores a backup.
func (c *restoreCommand) Run(p *process) error {
	effective, err := p.settings(&config.Config{Data: c.Data})
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	n, err := open(p.ctx, effective.Config, p.env, slog.New(slog.DiscardHandler), false)
	if errors.Is(err, sqlite.ErrLocked) {
		return fmt.Errorf("%w: stop the server on %s, or restore into another directory", err, effective.Config.Data)
	}
	if err != nil {
		return err
	}
	head, err := n.restore(p.ctx, f, info.Size(), p.progress())
	if err = errors.Join(err, n.close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.env.Stdout, "restored the backup of %s into %s\n", head.At.Format("2006-01-02 15:04:05 MST"), effective.Config.Data)
	return err
}

func (n *Node) restore(ctx context.Context, f io.ReaderAt, size int64, told moving.Progress) (*moving.Head, error) {
	bots, err := moving.OpenFolder(releasesDir(n.cfg))
	if err != nil {
		return nil, err
	}
	defer bots.Close()
	return moving.Restore(ctx, f, size, n.store.moving, map[string]moving.Putter{"files": n.store.objects, "bots": bots}, told)
}

// progress prints a line for each table that is done.
func (p *process) progress() moving.Progress {
	return func(table string, rows int64, done bool) {
		if done && rows > 0 {
			fmt.Fprintf(p.env.Stderr, "%-16s %d\n", table, rows)
		}
	}
}
