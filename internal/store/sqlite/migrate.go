package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// oldest is the first SQLite without the defect in resetting the write-ahead
// log that could damage a database under concurrent checkpoints.
const oldest = "3.51.3"

// migrate brings the schema to this version of the program. The directory is
// locked, so nobody else does.
func migrate(ctx context.Context, path string, pragmas []string) error {
	db, err := sql.Open("sqlite", dataSource(path, pragmas))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := checkEngine(ctx, db); err != nil {
		return err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithSlog(slog.New(slog.DiscardHandler)),
		goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("%w: it has schema %d, this program knows up to %d", ErrNewer, have, want)
	}
	_, err = p.Up(ctx)
	return err
}

func checkEngine(ctx context.Context, db *sql.DB) error {
	var version string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return err
	}
	if older(version, oldest) {
		return fmt.Errorf("SQLite %s has a known defect in its write-ahead log; %s or later is needed", version, oldest)
	}
	return nil
}

// older compares two dotted version numbers.
func older(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, _ := strconv.Atoi(x[i])
		n, _ := strconv.Atoi(y[i])
		if m != n {
			return m < n
		}
	}
	return len(x) < len(y)
}
