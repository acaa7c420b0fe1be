package program

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/pgtest"
)

// What one node kept in its directory, many nodes go on with: the same keys, sessions
// and messages, each once.
func TestMigrate_FromOneNodeToMany(t *testing.T) {
	t.Parallel()
	dir, url := directory(t), pgtest.Postgres(t)
	one := spawn(t, dir)
	shop := one.shop(nil, "--bot", bot(t, "shop"))
	var ids []string
	for i := range 5 {
		id := shop.open(object{"user_id": fmt.Sprint("user ", i)})
		for n := range 5 {
			shop.say(id, fmt.Sprint("before ", n))
		}
		ids = append(ids, id)
	}
	if out := parley(t, "migrate", "--from", "sqlite:"+dir, "--to", url); out.code == 0 || !strings.Contains(out.err, "stop the server") {
		t.Errorf("from a directory in use: %d %s", out.code, out.err)
	}
	for _, id := range ids { // what still ran goes along whether it has ended or not
		shop.talk(id, "last")
	}
	if code := one.terminate(); code != 0 {
		t.Fatalf("the server ended with %d", code)
	}
	for range 2 { // the second finds everything there
		if out := parley(t, "migrate", "--from", "sqlite:"+dir, "--to", url); out.code != 0 || !strings.Contains(out.out, "are the same") {
			t.Fatalf("migrate: %d %s %s", out.code, out.out, out.err)
		}
	}
	moved := shop.moved(spawn(t, directory(t), "--store", url, "--node", "a"))
	for _, id := range ids {
		moved.whole(id)
		if said := moved.talk(id, "hi"); said == "" {
			t.Errorf("session %s does not go on", id)
		}
	}
}

// Wrong places are refused before anything is written.
func TestMigrate_RefusesWrongPlaces(t *testing.T) {
	t.Parallel()
	dir := directory(t)
	for _, c := range []struct{ from, to, want string }{
		{"sqlite:" + filepath.Join(dir, "absent"), "postgres://localhost/x", "--from"},
		{dir, "postgres://localhost/x", "--from: must be"},
		{"sqlite:" + dir, "mysql://localhost/x", "--to: must be"},
		{"sqlite:" + dir, "sqlite:" + dir, "the same"},
		{"sqlite:" + dir, "postgres://127.0.0.1:1/x", "store"},
	} {
		if out := parley(t, "migrate", "--from", c.from, "--to", c.to); out.code == 0 || !strings.Contains(out.err, c.want) {
			t.Errorf("%s to %s: %d %s, want %q", c.from, c.to, out.code, out.err, c.want)
		}
	}
}
