package program

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// ran runs the real program in a process of its own, without a terminal.
func ran(t *testing.T, args ...string) (out, fault string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t), args...)
	cmd.Stdout, cmd.Stderr = &o, &e
	_ = cmd.Run()
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// TestTop looks at a real process over its socket and over its second address.
func TestTop(t *testing.T) {
	t.Parallel()
	p := spawn(t, directory(t), "--demo")
	shop := p.shop(nil)
	shop.talk(shop.open(nil), "hello")
	for _, args := range [][]string{{"--data", p.dir}, {"--url", p.watch, "--url", p.watch + "/metrics"}} {
		out, fault, code := ran(t, append([]string{"top", "--once", "--every", "200ms"}, args...)...)
		if code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, fault)
		}
		for _, want := range []string{`NODE +VERSION +UP +TURNS/S`, `MiB +\d+%`, `webhooks +0 waiting`, `pending +0 clients`, `store +takes writes`, `cluster +1 nodes`} {
			if !regexp.MustCompile(want).MatchString(out) {
				t.Errorf("%v: no %q in:\n%s", args, want, out)
			}
		}
		if strings.Contains(out, "\x1b") {
			t.Errorf("%v: control codes without a terminal: %q", args, out)
		}
	}
	for want, args := range map[string][]string{
		"no server runs":               {"--data", directory(t)},
		"must be an http or https URL": {"--url", "127.0.0.1"},
		"every: must be from 100ms":    {"--every", "1ms"},
		"it answered 404":              {"--url", p.base},
	} {
		if _, fault, code := ran(t, append([]string{"top"}, args...)...); code != 2 || !strings.Contains(fault, want) {
			t.Errorf("%v: exit code %d, %q; want 2, %q", args, code, fault, want)
		}
	}
}

// TestReady is what health checks of containers call.
func TestReady(t *testing.T) {
	t.Parallel()
	p := spawn(t, directory(t))
	out, fault, code := ran(t, "ready", "--data", p.dir)
	var answer struct {
		Status string
		Checks []struct{ Name, Status string }
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || code != 0 || answer.Status != "ok" || len(answer.Checks) < 2 {
		t.Errorf("exit code %d, %s%s", code, out, fault)
	}
	if out, _, code := ran(t, "ready", "--url", p.watch); code != 0 || !strings.Contains(out, `"store"`) {
		t.Errorf("by URL: exit code %d, %s", code, out)
	}
	if code := p.terminate(); code != 0 {
		t.Errorf("the server ended with %d", code)
	}
	if _, fault, code := ran(t, "ready", "--data", p.dir); code != 2 || !strings.Contains(fault, "no server runs") {
		t.Errorf("without a server: exit code %d, %s", code, fault)
	}
}
