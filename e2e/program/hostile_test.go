package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"parley/e2e/history/load"
)

const (
	attackTime = 2 * time.Second // contract (f): running time of a bot turn
	// A turn ends after the limit, at most two handlers of half a second, and what
	// a busy machine adds; what others on the machine take of its processors beside
	// that is told by the time that the server had of them.
	attackMargin = 4 * time.Second
	hostileBytes = 512 << 20 // resident; docs/language/containment.md
)

// TestHostileScripts runs every attack on one server while others chat there. Of
// a hundred of their turns 99 may wait a second for the attackers, and what this
// machine makes them wait without any: that is measured before and after.
func TestHostileScripts(t *testing.T) {
	dir := directory(t)
	project := filepath.Join(dir, "hostile")
	writeFiles(t, project, map[string]string{
		"chatbot.yaml": "name: hostile\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\nmessages:\n  onError:\n    defaultMessage: sorry\n",
		"src/main.sc":  hostileProject(),
	})
	p := spawn(t, filepath.Join(dir, "data"), "--log-level", "error", "--script-network", "127.0.0.0/8")
	shop := p.shop(nil, "--bot", project)
	before := calm(shop)
	chat := chatters(shop, 20)
	peak := 0
	for i, a := range attacks() {
		p.forgetHighWater()
		began, earlier := time.Now(), p.ran()
		message, said := shop.hostile(fmt.Sprint("attack ", i))
		took := min(time.Since(began), p.ran()-earlier)
		if took > attackTime+attackMargin {
			t.Errorf("%s: took %s", a.name, took)
		}
		reason := shop.reason(p, message)
		peak = max(peak, p.highWater())
		t.Logf("%-32s %8s  %4d MiB  %q %.150s", a.name, took.Round(time.Millisecond), p.highWater()>>20, said, reason)
		want := "^(deadline|script|loop) in /" + regexp.QuoteMeta(a.name) + "( at src/main.sc:\\d+:\\d+)?: (" + a.want + ")"
		if a.want == "" && said != "dropped" || a.want != "" && !regexp.MustCompile(want).MatchString(reason) {
			t.Errorf("%s: ended with %q %s, want %s", a.name, said, reason, a.want)
		}
	}
	waits, lag := chat()
	lag += max(before, calm(shop))
	peak = max(peak, p.highWater())
	t.Logf("%d turns of others: p50 %s, p99 %s, longest %s; this machine's own: p99 %s; resident at most %d MiB",
		len(waits), part(waits, 50), part(waits, 99), waits[len(waits)-1], lag, peak>>20)
	if part(waits, 99) > time.Second+lag {
		t.Errorf("p99 of the others' turns is %s", part(waits, 99))
	}
	if peak > hostileBytes {
		t.Errorf("the server had %d MiB of memory", peak>>20)
	}
}

// TestHostileScriptsAtOnce runs the attacks that fill the memory side by side, on
// several bots.
func TestHostileScriptsAtOnce(t *testing.T) {
	dir := directory(t)
	p := spawn(t, filepath.Join(dir, "data"), "--log-level", "error")
	var all sync.WaitGroup
	for bot := range 3 {
		project := filepath.Join(dir, fmt.Sprint("hostile", bot))
		writeFiles(t, project, map[string]string{
			"chatbot.yaml": "name: hostile\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\nmessages:\n  onError:\n    defaultMessage: sorry\n",
			"src/main.sc":  hostileProject(),
		})
		shop := p.shop(nil, "--bot", project)
		for i, a := range attacks() {
			if !strings.HasPrefix(a.want, endless) {
				continue
			}
			all.Go(func() {
				_, said := shop.hostile(fmt.Sprint("attack ", i))
				t.Logf("%d %-32s %4d MiB %q", bot, a.name, p.highWater()>>20, said)
				if said != "sorry" {
					t.Errorf("%s: %q", a.name, said)
				}
			})
		}
	}
	all.Wait()
	t.Logf("resident at most %d MiB", p.highWater()>>20)
	if p.highWater() > hostileBytes {
		t.Errorf("the server had %d MiB of memory", p.highWater()>>20)
	}
}

// TestHostileStartUp: code that runs while a bot is loaded may take more, but not
// without bound either.
func TestHostileStartUp(t *testing.T) {
	for name, script := range map[string]string{
		"closures": "var f = function () {}; for (;;) f = (function (g) { return function () { g(); }; })(f);",
		"map":      "var m = new Map(); for (var i = 0;; i++) m.set({}, i);",
		"binds":    "var f = function () {}; for (;;) f = f.bind(null, 1);",
	} {
		t.Run(name, func(t *testing.T) {
			dir := directory(t)
			writeFiles(t, dir, map[string]string{
				"chatbot.yaml": "name: hostile\nentryPoint: main.sc\nlanguage: en\n",
				"src/main.sc":  "init:\n    " + script + "\ntheme: /\n    state: A\n        q!: a\n        a: a\n",
			})
			check := exec.Command(program(t), "check", dir)
			said, err := check.CombinedOutput()
			usage, ok := check.ProcessState.SysUsage().(*syscall.Rusage)
			if err == nil || !ok || !regexp.MustCompile("the start-up code failed: ("+fat+"|the script ran longer)").Match(said) {
				t.Fatalf("%v: %s", err, said)
			}
			t.Logf("%d MiB: %s", usage.Maxrss>>10, said)
			if usage.Maxrss<<10 > hostileBytes {
				t.Errorf("it had %d MiB of memory", usage.Maxrss>>10)
			}
		})
	}
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(content), 0o644))
	}
}

// hostile attacks from a session of its own and waits for the end of the turn.
func (p *shop) hostile(words string) (message, said string) {
	p.t.Helper()
	id := p.open(nil)
	message = text(p.say(id, words).body, "message_id")
	said, err := p.heard(id, message)
	must(p.t, err)
	return message, said
}

// heard waits for the bot's first answer to a message.
func (p *shop) heard(id, message string) (string, error) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience) // a turn may wait for an engine and for a place to run, 10 s each
	for {
		a, err := p.try("GET", p.ours(id, "/messages?limit=200"), nil)
		if err != nil {
			return "", err
		}
		list, _ := at(a.body, "messages").([]any)
		found := false
		for _, m := range list {
			if found && text(m, "author") == "bot" {
				return text(m, "output", "responses", 0, "text"), nil
			}
			found = found || text(m, "message_id") == message
		}
		select {
		case <-tick.C:
		case <-late:
			return "", fmt.Errorf("no answer to message %s: %d %s", message, a.status, a.text)
		}
	}
}

// reason is why the turn of a message failed.
func (p *shop) reason(server *process, message string) string {
	p.t.Helper()
	list, _ := asked(p.t, server.dir, "turn", "list", "--limit", "1000").([]any)
	for _, turn := range list {
		if text(turn, "message_id") == message {
			return text(turn, "reason")
		}
	}
	return ""
}

// forgetHighWater lets highWater begin anew, so that it tells of one attack; where
// the system does not let it, it goes on telling of all.
func (p *process) forgetHighWater() {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0)
}

// ran is how long the process had a processor.
func (p *process) ran() time.Duration {
	p.t.Helper()
	took, err := load.Ran(p.cmd.Process.Pid)
	must(p.t, err)
	return took
}

// highWater is the most resident memory the process had, in bytes.
func (p *process) highWater() int {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	must(p.t, err)
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib := 0
	_, err = fmt.Sscan(rest, &kib)
	if err != nil {
		p.t.Fatalf("the server is gone: %v", err)
	}
	return kib << 10
}

// calm returns how long turns take while nobody attacks (p99).
func calm(p *shop) time.Duration {
	chat := chatters(p, 20)
	<-time.After(3 * time.Second)
	waits, _ := chat()
	return part(waits, 99)
}

// chatters lets sessions talk until stop is called, which returns how long their
// turns took, sorted, and how late this machine let the test itself be (p99).
func chatters(p *shop, sessions int) (stop func() (waits []time.Duration, lag time.Duration)) {
	var mu sync.Mutex
	var waits, lags []time.Duration
	var all sync.WaitGroup
	var mistaken atomic.Int64
	done := make(chan struct{})
	for range sessions {
		all.Go(func() {
			id := ""
			tick := time.NewTicker(100 * time.Millisecond)
			defer tick.Stop()
			for n := 0; ; n++ {
				if n%20 == 0 || id == "" { // the transcript that is read again and again stays short
					id = p.open(nil)
				}
				began := time.Now()
				a, err := p.try("POST", p.at(id, "/messages"), object{"input": object{"text": "hello there"}})
				said := ""
				if err == nil {
					said, err = p.heard(id, text(a.body, "message_id"))
				}
				if err == nil && said == "sorry" { // it was taken for the one that fills the heap
					mistaken.Add(1)
					n += 19 - n%20
				} else if err != nil || said != fmt.Sprint("hello ", n%20+1) {
					p.t.Errorf("turn %d of another session: %q %v", n, said, err)
					return
				}
				mu.Lock()
				waits = append(waits, time.Since(began))
				mu.Unlock()
				select {
				case <-tick.C:
				case <-done:
					return
				}
			}
		})
	}
	all.Go(func() {
		const beat = 10 * time.Millisecond
		tick := time.NewTicker(beat)
		defer tick.Stop()
		for last := time.Now(); ; {
			select {
			case <-tick.C:
			case <-done:
				return
			}
			lags = append(lags, max(time.Since(last)-beat, 0))
			last = time.Now()
		}
	})
	return func() ([]time.Duration, time.Duration) {
		close(done)
		all.Wait()
		if n := mistaken.Load(); n*1000 > int64(len(waits)) {
			p.t.Errorf("%d of %d turns of others were stopped instead", n, len(waits))
		}
		slices.Sort(waits)
		slices.Sort(lags)
		return waits, part(lags, 99)
	}
}

// part is a percentile of a sorted list.
func part(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)-1)*percent/100]
}
