package script

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

func integration(dir string) *session.Integration {
	return &session.Integration{ID: "i", Settings: session.Settings{Bot: dir}}
}

func TestBots(t *testing.T) {
	bots := NewBots(Options{}, "")
	if bot := bots.For(integration("")); bot != nil {
		t.Errorf("without a default bot: %v", bot)
	}
	fallback := load(t, Options{}, map[string]string{"main.sc": echoBot})
	bots.SetDefault(fallback)
	if bot := bots.For(integration("")); bot != session.Bot(fallback) {
		t.Errorf("the default bot is not used: %v", bot)
	}
	dir := project(t, map[string]string{"main.sc": echoBot})
	first := bots.For(integration(dir))
	if first == nil || first != bots.For(integration(dir)) {
		t.Error("the bot is loaded twice")
	}
	main := filepath.Join(dir, "src", "main.sc")
	write(t, main, "theme: /\n    state: A\n        go!: /B\n")
	if found := bots.Reload()[dir]; !dialog.HasErrors(found) || bots.For(integration(dir)) != first {
		t.Errorf("a version with errors replaced one without: %v", found)
	}
	write(t, main, strings.Replace(echoBot, "You said", "I heard", 1))
	if refused := bots.Reload(); len(refused) != 0 || bots.For(integration(dir)) == first {
		t.Errorf("the new version is not in service: %v", refused)
	}
}

// TestFaultyBots: a bot with an error in one state serves, and may be replaced by
// another that has errors, but not by one that cannot run.
func TestFaultyBots(t *testing.T) {
	bots := NewBots(Options{}, "")
	dir := project(t, map[string]string{"main.sc": echoBot + "    state: Lost\n        q!: lost\n        go!: /Nowhere\n"})
	first := bots.For(integration(dir))
	if d, err := first.Run(context.Background(), newVisitor(nil, visitorTime()).turn()); err != nil || d.Failure != nil {
		t.Fatalf("%v %v", d, err)
	}
	main := filepath.Join(dir, "src", "main.sc")
	write(t, main, echoBot+"    state: Lost\n        wibble: x\n")
	bots.Reload()
	second := bots.For(integration(dir))
	if err := os.MkdirAll(filepath.Join(dir, "src"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "chatbot.yaml"), "entryPoint: gone.sc\n")
	if refused := bots.Reload(); second == first || len(refused[dir]) == 0 || bots.For(integration(dir)) != second {
		t.Errorf("%v", refused)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestStartupHasALimitOfItsOwn: start-up code may run longer than a turn.
func TestStartupHasALimitOfItsOwn(t *testing.T) {
	bot := load(t, Options{RunTime: 100 * time.Millisecond}, map[string]string{"main.sc": `
init:
    for (var began = Date.now(), n = 0; Date.now() - began < 400; n++);
theme: /
    state: A
        q!: a
        script:
            for (var began = Date.now(); Date.now() - began < 400;);
`})
	c := newTalk(t, bot)
	c.say("a")
	if f := c.last.Failure; f == nil || f.Code != "deadline" {
		t.Errorf("%+v", f)
	}
}

func TestBotThatNeverLoaded(t *testing.T) {
	bots := NewBots(Options{StartTime: time.Second}, "")
	dir := project(t, map[string]string{"main.sc": "init:\n    for (;;);\n"})
	bot := bots.For(integration(dir))
	if bot == nil {
		t.Fatal("no bot stands in")
	}
	d, err := bot.Run(context.Background(), newVisitor(nil, visitorTime()).turn())
	if d != nil || err == nil || !strings.Contains(err.Error(), "src/main.sc:2:") {
		t.Errorf("%v %v", d, err)
	}
	write(t, filepath.Join(dir, "src", "main.sc"), echoBot)
	bots.Reload()
	if d, err := bots.For(integration(dir)).Run(context.Background(), newVisitor(nil, visitorTime()).turn()); err != nil || d.Failure != nil {
		t.Errorf("%v %v: mended, it does not run", d, err)
	}
}

// A release of a bot whose chatbot.yaml has no name goes by the name of its
// directory, also where secrets of single bots are looked up.
func TestReleaseKeepsTheNameOfItsDirectory(t *testing.T) {
	dir, root := filepath.Join(t.TempDir(), "desk"), t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "src"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "chatbot.yaml"), "entryPoint: main.sc\nbotEngine: v2\nlanguage: en\n")
	write(t, filepath.Join(dir, "src", "main.sc"), "init:\n    var token = $secrets.get(\"TOKEN\");\ntheme: /\n    state: Hi\n        q!: hi\n        a: {{token}}\n")
	options := Options{Log: testLog(t), Secrets: Secrets{Bots: map[string]Secrets{"desk": {Secrets: map[string]string{"TOKEN": "key-1234"}}}}}
	staged, err := Stage(root, dir)
	if err != nil {
		t.Fatal(err)
	}
	bots := NewBots(options, root)
	if _, found, err := bots.Deploy(dir, staged, visitorTime(), false); err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	for _, registry := range []*Bots{bots, NewBots(options, root)} { // before and after a restart
		_, bot, err := registry.serving(dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		newTalk(t, bot).expect("hi", "key-1234")
	}
}

// Dependencies beside the project and links to directories come along; hidden
// files do not; what a killed deploy left is cleared.
func TestStage(t *testing.T) {
	parent, root := t.TempDir(), t.TempDir()
	dir := filepath.Join(parent, "desk")
	for name, content := range map[string]string{
		"desk/chatbot.yaml": "entryPoint: main.sc\nbotEngine: v2\nlanguage: en\ndependencies:\n  - name: words\n    type: git\n    url: https://example.com/words.git\n",
		"desk/src/main.sc":  "require: hello.sc\n    module = words\nrequire: more/bye.sc\n",
		"desk/.git/config":  "hidden",
		"words/hello.sc":    "theme: /\n    state: Hi\n        q!: hi\n        a: hello\n",
		"linked/bye.sc":     "theme: /\n    state: Bye\n        q!: bye\n        a: bye\n",
	} {
		path := filepath.Join(parent, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, path, content)
	}
	if err := os.Symlink(filepath.Join(parent, "linked"), filepath.Join(dir, "src", "more")); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(root, ".staged-old")
	if err := os.Mkdir(old, 0o700); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * stagedFor)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	staged, err := Stage(root, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(parent); err != nil {
		t.Fatal(err)
	}
	bots := NewBots(Options{}, root)
	if _, found, err := bots.Deploy(dir, staged, visitorTime(), false); err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	_, bot, err := bots.serving(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	newTalk(t, bot).expect("hi", "hello")
	newTalk(t, bot).expect("bye", "bye")
	if left, err := filepath.Glob(filepath.Join(root, "*", ".git")); err != nil || len(left) > 0 {
		t.Errorf("hidden files came along: %v %v", left, err)
	}
	if left, err := filepath.Glob(filepath.Join(root, ".staged-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	loop := filepath.Join(t.TempDir(), "loop")
	if err := os.Mkdir(loop, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(loop, filepath.Join(loop, "again")); err != nil {
		t.Fatal(err)
	}
	if _, err := Stage(root, loop); err == nil || !strings.Contains(err.Error(), "link") {
		t.Errorf("a link to itself: %v", err)
	}
}

// A session that was moved stays on the release it was moved to, also when its
// own has left the shelf.
func TestMovedSessionsStayWhereTheyAre(t *testing.T) {
	s := &shelf{dir: t.TempDir()}
	for range keptReleases + 3 {
		staged := t.TempDir()
		next, r, err := s.add(staged, visitorTime(), s.Current == 1)
		if err != nil {
			t.Fatal(err)
		}
		s = next
		if s, err = s.prune(func(n int) bool { return n == 2 }); err != nil {
			t.Fatal(r, err)
		}
	}
	if s.has(1) || !s.has(2) || s.serving(1) != 2 || s.serving(2) != 2 || s.serving(0) != s.Current {
		t.Errorf("%+v: sessions of release 1 run %d", s.shelfState, s.serving(1))
	}
}

func TestBots_States(t *testing.T) {
	bots := NewBots(Options{}, "")
	if list := bots.States(integration("")); list != nil {
		t.Errorf("states without a bot: %v", list)
	}
	dir := project(t, map[string]string{"main.sc": "theme: /\n    state: Start\n        q!: hi\n        state: Sub\n            q: yes\ntheme: /Other\n    state: End\n        q!: bye\n"})
	want := []string{"/Other/End", "/Start", "/Start/Sub"}
	if list := bots.States(integration(dir)); !slices.Equal(list, want) {
		t.Errorf("states %v, want %v", list, want)
	}
}
