package pgtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestServer_KeepsDataOverACrash(t *testing.T) {
	server := Start(t)
	url := server.Database(t)
	run(t, url, "CREATE TABLE kept (n bigint)")
	run(t, url, "INSERT INTO kept VALUES (1)")
	server.Stop(t, "immediate")
	if conn, err := pgx.Connect(t.Context(), url); err == nil {
		_ = conn.Close(context.Background())
		t.Error("a stopped server answers")
	}
	server.Start(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var n int64
	var fsync string
	if err := conn.QueryRow(t.Context(), "SELECT n, current_setting('fsync') FROM kept").Scan(&n, &fsync); err != nil || n != 1 || fsync != "on" {
		t.Errorf("found %d with fsync %s (%v), want the row on a durable server", n, fsync, err)
	}
}

func TestPostgres_GivesEachTestItsOwnDatabase(t *testing.T) {
	one, other := Postgres(t), Postgres(t)
	run(t, one, "CREATE TABLE mine (n bigint)")
	run(t, other, "CREATE TABLE mine (n bigint)")
}

func run(t *testing.T, url, text string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}
