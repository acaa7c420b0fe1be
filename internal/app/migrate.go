package app

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"parley/internal/config"
	"parley/internal/moving"
	"parley/internal/store/sqlite"
	"parley/internal/telemetry"
)

type migrateCommand struct {
	From string `name:"from" required:"" placeholder:"sqlite:DIR" help:"Data directory to copy from. No server may run on it."`
	To   string `name:"to" required:"" placeholder:"postgres://…" help:"Database to copy into, empty or from an attempt that was cut."`
}

// Help shows an example.
func (migrateCommand) Help() string {
	return "Copies every row and file, then reads both sides again and compares. A copy that was cut goes on where it was.\n\nExample:\n\n" +
		"  parley migrate --from sqlite:./parley-data --to postgres://parley@db/parley"
}

// Run copies everything and compares.
func (c *migrateCommand) Run(p *process) error {
	from, err := placeOf(c.From)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	to, err := placeOf(c.To)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	if c.From == c.To {
		return errors.New("--from and --to are the same")
	}
	sums, err := migrate(p, from, to)
	if err != nil {
		return err
	}
	var rows int64
	for _, s := range sums {
		rows += s.Rows
	}
	_, err = fmt.Fprintf(p.env.Stdout, "copied %d rows of %d tables; counts and sums of both sides are the same\n", rows, len(sums))
	return err
}

// placeOf reads where an engine keeps its rows.
func placeOf(text string) (config.Config, error) {
	if dir, ok := strings.CutPrefix(text, "sqlite:"); ok && dir != "" {
		return config.Config{Data: dir}, nil
	}
	if u, err := url.Parse(text); err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") {
		return config.Config{Store: text}, nil
	}
	return config.Config{}, errors.New("must be sqlite:DIR or postgres://…")
}

func migrate(p *process, from, to config.Config) (sums map[string]moving.Sum, err error) {
	metrics := telemetry.New(p.env.Version)
	if _, missing := os.Stat(from.Data); from.Store == "" && missing != nil {
		return nil, fmt.Errorf("--from: %w", missing)
	}
	source, err := openEngine(p.ctx, from, metrics)
	if errors.Is(err, sqlite.ErrLocked) {
		return nil, fmt.Errorf("%w: stop the server on %s first", err, from.Data)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := openEngine(p.ctx, to, metrics)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	if sums, err = moving.Migrate(p.ctx, source.moving, target.moving, p.progress()); err != nil {
		return sums, err
	}
	_, err = moving.CopyObjects(p.ctx, "files", source.objects, target.objects, p.progress())
	return sums, err
}
