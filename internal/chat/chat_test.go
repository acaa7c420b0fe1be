package chat

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/dialog"
	"parley/internal/script"
)

func at() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// talk runs the lines of a pipe.
func talk(t *testing.T, dir string, lines ...string) (out string, failed bool) {
	t.Helper()
	var buffer bytes.Buffer
	c := &Chat{
		In: strings.NewReader(strings.Join(lines, "\n")), Out: &buffer, Clock: at,
		Load: func() (*script.Bot, []dialog.Diagnostic) { return script.Load(dir, script.Options{}) },
	}
	failed, err := c.Run(t.Context())
	if err != nil {
		t.Fatalf("%s\n%s", err, &buffer)
	}
	return buffer.String(), failed
}

// TestLines talks through a pipe.
func TestLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		lines  string
		want   string
		failed bool
	}{
		{
			"replies, buttons by number and by text: contract (e), dialog-language 3.5", "hello there|1|hello|buy a ticket",
			"image: https://example.com/door.png\nWelcome to the kiosk.\n  [1] Buy a ticket\n  [2] Where are you?\n" +
				"Which day?\n(timeout in 10m0s: /Ticket/Late)\n" +
				"image: https://example.com/door.png\nWelcome to the kiosk.\n  [1] Buy a ticket\n  [2] Where are you?\n" +
				"Which day?\n(timeout in 10m0s: /Ticket/Late)\n", false,
		},
		{"a number without buttons is a text", "7", "Pardon?\n", false},
		{"a number beside a button is sent by :say", "hello|:say 1", "image: https://example.com/door.png\nWelcome to the kiosk.\n  [1] Buy a ticket\n  [2] Where are you?\nPardon?\n", false},
		{"a link", "links", "- Site\n  link: Site https://example.com\n", false},
		{"the clock fires a timeout", "ticket|:time +9m|:time +1m|:state", "Which day?\n(timeout in 10m0s: /Ticket/Late)\nAre you still there?\n/Ticket/Late\n", false},
		{"a message cancels the timeout: dialog-language 10a.13", "ticket|today|:time 1h|:timeout", "Which day?\n(timeout in 10m0s: /Ticket/Late)\nOne ticket for today.\n? no timeout is armed\n", true},
		{"the timeout at once", "ticket|:timeout", "Which day?\n(timeout in 10m0s: /Ticket/Late)\nAre you still there?\n", false},
		{"a pushed event: script-api 2.8", "ticket|today|:time +5h|:time|:time +1d", "Which day?\n(timeout in 10m0s: /Ticket/Late)\nOne ticket for today.\n2026-03-01 17:00:00\n(next at 2026-03-01 18:00:00)\nThe show begins. Seat 5.\n", false},
		{"a pushed event leaves the timeout armed", "ticket|today|:time 5h55m|ticket|:time 10m|:time 5m",
			"Which day?\n(timeout in 10m0s: /Ticket/Late)\nOne ticket for today.\nWhich day?\n(timeout in 10m0s: /Ticket/Late)\nThe show begins. Seat 5.\nAre you still there?\n", false},
		{"an event with data", `:event reminder {"seat": 9}`, "The show begins. Seat 9.\n", false},
		{"an event that nothing handles", ":event nothing", "(no answer)\n", false},
		{"event without a name", ":event", "? :event needs a name, as in :event myEvent {\"id\": 5}\n", true},
		{"the state", ":state|:state /Ticket|tomorrow", "/\nOne ticket for tomorrow.\n", false},
		{"an unknown state", ":state /Nowhere", "? no state has the path /Nowhere\n", true},
		{"variables", "ticket|:vars", "Which day?\n(timeout in 10m0s: /Ticket/Late)\n$session = {\n  \"tickets\": 1\n}\n$client = {\n  \"name\": \"Ada\"\n}\n", false},
		{"reset", "ticket|:reset|:vars|:state", "Which day?\n(timeout in 10m0s: /Ticket/Late)\n$session = {}\n$client = {}\n/\n", false},
		{"reload keeps the dialog", "ticket|:reload|today", "Which day?\n(timeout in 10m0s: /Ticket/Late)\n(reloaded)\nOne ticket for today.\n", false},
		{"the context document", `:context {"user":{"display_name":"Ada Byron"}}|a person`, "Good day, Ada.\n", false},
		{"the end of a session", "ticket|bye|:vars", "Which day?\n(timeout in 10m0s: /Ticket/Late)\nGoodbye.\n(the session has ended)\n$session = {}\n$client = {\n  \"name\": \"Ada\"\n}\n", false},
		{"an error turn", "break", "! error in /Broken at src/main.sc:52:13: TypeError: Cannot read property 'here' of undefined or null [script]\n", true},
		{"nobody is online: script-api 5.1", "operator|:time +1s", "(handed over to people sales)\nNobody is here now.\n", false},
		{"an unknown command", ":hepl", "? there is no command :hepl; :help lists them, :say sends a text that begins with a colon\n", true},
		{"an argument too many", ":vars all", "? :vars takes no argument\n", true},
		{"no time", ":time soon", "? \"soon\" is no interval: write seconds, or parts like 5 minutes or 1h5m3s\n", true},
		{"what follows :quit is not read", ":quit|break", "", false},
		{
			"why a text went there: dialog-language 5.3", "buy a ticket please|:why",
			"Which day?\n(timeout in 10m0s: /Ticket/Late)\nstate: /Ticket (by text)\ntrigger: q!: * ticket *  src/main.sc:13:9\n" +
				"* 0.250  distance 0  /Ticket  q!: * ticket *  src/main.sc:13:9\nentered: /Ticket\ncontext: /Ticket\n", false,
		},
		{
			"why: several candidates, dialog-language 4.6", "hello ticket|:why",
			"image: https://example.com/door.png\nWelcome to the kiosk.\n  [1] Buy a ticket\n  [2] Where are you?\n" +
				"state: /Start (by text)\ntrigger: q!: hello *  src/main.sc:5:9\n" +
				"* 0.500  distance 0  /Start  q!: hello *  src/main.sc:5:9\n  0.500  distance 0  /Ticket  q!: * ticket *  src/main.sc:13:9\n" +
				"entered: /Start\ncontext: /Start\n", false,
		},
		{"why an event", ":event reminder {\"seat\": 2}|:why", "The show begins. Seat 2.\nstate: /Reminder (by event)\ntrigger: event!: reminder  src/main.sc:30:9\nentered: /Reminder\ncontext: /Reminder\n", false},
		{"why nothing", ":why", "? nothing was said yet\n", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, failed := talk(t, "testdata/kiosk", strings.Split(c.lines, "|")...)
			if out != c.want {
				t.Errorf("got:\n%swant:\n%s", out, c.want)
			}
			if failed != c.failed {
				t.Errorf("failed = %t, want %t", failed, c.failed)
			}
		})
	}
}

// TestTerminal waits in front of a terminal: the timeout fires by itself.
func TestTerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, typed := io.Pipe()
		var out bytes.Buffer
		c := &Chat{
			In: in, Out: &out, Clock: time.Now, Terminal: true,
			Load: func() (*script.Bot, []dialog.Diagnostic) { return script.Load("testdata/kiosk", script.Options{}) },
		}
		ended := make(chan bool)
		go func() {
			failed, err := c.Run(t.Context())
			ended <- failed || err != nil
		}()
		if _, err := io.WriteString(typed, "ticket\n"); err != nil {
			t.Fatal(err)
		}
		<-time.After(11 * time.Minute) // of the bubble's clock
		if err := typed.Close(); err != nil {
			t.Fatal(err)
		}
		if <-ended {
			t.Error("the dialog failed")
		}
		want := "kiosk is listening; :help lists the commands\n/> Which day?\n(timeout in 10m0s: /Ticket/Late)\n" +
			"/Ticket> \nAre you still there?\n/Ticket/Late> "
		if out.String() != want {
			t.Errorf("got:\n%s\nwant:\n%s", &out, want)
		}
	})
}

// TestBrokenBot refuses a bot that cannot run and says why.
func TestBrokenBot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "chatbot.yaml"), []byte("entryPoint: no.sc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c := &Chat{In: strings.NewReader("hello\n"), Out: &out, Clock: at, Load: func() (*script.Bot, []dialog.Diagnostic) { return script.Load(dir, script.Options{}) }}
	failed, err := c.Run(t.Context())
	if !failed || err != ErrNoBot || !strings.Contains(out.String(), "missing-file") {
		t.Errorf("failed %t, error %v, output %s", failed, err, &out)
	}
}

// TestEndlessTimeout bounds a timeout that arms itself.
func TestEndlessTimeout(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "src"), 0o700); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"chatbot.yaml": "entryPoint: main.sc\n",
		"src/main.sc":  "theme: /\n    state: Tick\n        q!: go\n        timeout: /Tick || interval = 1\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, failed := talk(t, dir, "go", ":time +2h")
	if !failed || !strings.HasSuffix(out, "? stopped after 1000 turns, 1h43m19s before the end\n") {
		t.Errorf("%t %s", failed, out[max(len(out)-200, 0):])
	}
}
