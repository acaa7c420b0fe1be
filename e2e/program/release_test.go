package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// releaseBot writes a bot whose every answer names its version; with states the
// version has a state that waits for the next message.
func releaseBot(t *testing.T, dir, version string, more ...string) {
	t.Helper()
	files := map[string]string{
		"chatbot.yaml":    "name: desk\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\n",
		"test/basic.xml":  "<test><test-case><q>hi</q><a>" + version + " hello</a></test-case></test>",
		"src/main.sc":     "theme: /\n    state: Hi\n        q!: hi\n        a: " + version + " hello\n" + strings.Join(more, ""),
		".git/config":     "hidden files stay behind",
		"src/unused.note": "",
	}
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, []byte(content), 0o600))
	}
}

const waitingState = `
    state: Ask
        q!: ask
        a: how many?

        state: Number
            q: *
            a: noted by the first
`

// A session keeps its script version until it ends or is migrated by rule; the
// deploy prints how many sessions are on each version.
func TestGuarantee24DeployLeavesRunningSessionsAlone(t *testing.T) {
	t.Parallel()
	s, dir := start(t), filepath.Join(t.TempDir(), "desk")
	releaseBot(t, dir, "first", waitingState)
	shop := s.shop(nil, "--bot", dir)
	deployed := s.ask("bot", "deploy", dir)
	same(t, "releases", at(deployed, "current"), 1.0)
	old := shop.open(nil)
	same(t, "release 1", shop.talk(old, "ask"), "how many?")

	releaseBot(t, dir, "second")
	out := parley(t, "bot", "deploy", dir, "--data", s.dir)
	if out.code != 0 || !strings.Contains(out.out, "in service") {
		t.Fatalf("deploy: %d %s %s", out.code, out.out, out.err)
	}
	same(t, "the running session goes on where it was", shop.talk(old, "three"), "noted by the first")
	same(t, "and keeps its release", shop.talk(old, "hi"), "first hello")
	fresh := shop.open(nil)
	same(t, "a new session", shop.talk(fresh, "hi"), "second hello")
	report := s.ask("bot", "releases", dir)
	same(t, "on release 1", at(report, "releases", 0, "open_sessions"), 1.0)
	same(t, "on release 2", at(report, "releases", 1, "open_sessions"), 1.0)

	report = s.ask("bot", "rollback", dir)
	same(t, "back at release 1", at(report, "current"), 1.0)
	same(t, "with the sessions of release 2", at(report, "releases", 0, "open_sessions"), 2.0)
	same(t, "a session of the withdrawn release", shop.talk(fresh, "hi"), "first hello")
	if r := parley(t, "bot", "rollback", dir, "--data", s.dir); r.code != 1 || !strings.Contains(r.err, "no release to go back to") {
		t.Errorf("a second rollback: %d %s", r.code, r.err)
	}
}

// A directory with errors or failing tests changes nothing, and leaves nothing
// behind.
func TestDeployRefusesWhatFails(t *testing.T) {
	t.Parallel()
	s, dir := start(t), filepath.Join(t.TempDir(), "desk")
	releaseBot(t, dir, "first")
	shop := s.shop(nil, "--bot", dir)
	s.ask("bot", "deploy", dir)
	id := shop.open(nil)
	same(t, "release 1", shop.talk(id, "hi"), "first hello")

	releaseBot(t, dir, "broken", "    state: Bad\n        go!: /Nowhere\n")
	if r := parley(t, "bot", "deploy", dir, "--data", s.dir); r.code != 1 || !strings.Contains(r.err, "main.sc:6") {
		t.Errorf("a deploy with errors: %d %s", r.code, r.err)
	}
	releaseBot(t, dir, "third")
	must(t, os.WriteFile(filepath.Join(dir, "test", "basic.xml"), []byte("<test><test-case><q>hi</q><a>other</a></test-case></test>"), 0o600))
	if r := parley(t, "bot", "deploy", dir, "--data", s.dir); r.code != 1 || !strings.Contains(r.out, "other") {
		t.Errorf("a deploy with a failing test: %d %s %s", r.code, r.out, r.err)
	}
	same(t, "nothing changed", shop.talk(shop.open(nil), "hi"), "first hello")
	same(t, "one release", len(at(s.ask("bot", "releases", dir), "releases").([]any)), 1)
	if left, err := filepath.Glob(filepath.Join(s.dir, "bots", ".staged-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	s.ask("bot", "deploy", "--no-tests", dir)
	same(t, "without tests", shop.talk(shop.open(nil), "hi"), "third hello")
}

// Releases outlive the server and the directory they were copied from; a
// successor takes the newest release; --move takes running sessions along.
func TestReleasesAfterARestart(t *testing.T) {
	t.Parallel()
	s, dir := start(t), filepath.Join(t.TempDir(), "desk")
	releaseBot(t, dir, "first", waitingState, "    state: Again\n        q!: again\n        script:\n            $jsapi.startSession();\n        a: again by the first\n")
	shop := s.shop(nil, "--bot", dir)
	s.ask("bot", "deploy", dir)
	id, moved := shop.open(nil), shop.open(nil)
	same(t, "release 1", shop.talk(id, "hi"), "first hello")
	same(t, "release 1 waits", shop.talk(moved, "ask"), "how many?")
	releaseBot(t, dir, "second")
	s.ask("bot", "deploy", dir)
	must(t, os.RemoveAll(dir))
	s.stop()
	s = startWith(t, setup{dir: s.dir})
	shop.base = s.base
	same(t, "after the restart", shop.talk(id, "hi"), "first hello")
	same(t, "the turn that opens a successor", shop.talk(id, "again"), "again by the first")
	same(t, "the successor", shop.talk(id, "hi"), "second hello")

	releaseBot(t, dir, "third")
	report := s.ask("bot", "deploy", "--move", dir)
	same(t, "all on release 3", at(report, "releases", 2, "open_sessions"), 2.0)
	same(t, "a moved session whose state is gone", shop.talk(moved, "hi"), "third hello")
	s.move(time.Minute)
	for range 6 {
		report = s.ask("bot", "deploy", "--no-tests", "--move", dir)
	}
	same(t, "old releases leave the shelf", len(at(report, "releases").([]any)), 5)
}
