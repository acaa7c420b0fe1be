package browser

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// finding is a line of a script: something that was looked at.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Done   int    `json:"done"` // how many checks there were; the last line
}

// drive runs a scenario of a script (NAME.mjs, function SCENARIO) in a real
// Chromium. Each of its checks that fails is an error of the test, and so is a
// script that ends early. Screenshots go to the artifacts of the test
// (go test -artifacts -outputdir).
func drive(t *testing.T, script, scenario string, given object) {
	t.Helper()
	given["scenario"], given["shots"] = scenario, t.ArtifactDir()
	text, err := json.Marshal(given)
	must(t, err)
	path, err := filepath.Abs(script + ".mjs")
	must(t, err)
	cmd := exec.Command("node", path)
	cmd.Env = append(os.Environ(), "GIVEN="+string(text))
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	must(t, err)
	if err := cmd.Start(); err != nil {
		t.Fatalf("node: %v", err)
	}
	late := time.AfterFunc(12*time.Minute, func() { _ = cmd.Process.Kill() }) // what hangs is told before go test gives up
	defer late.Stop()
	checks, done := 0, -1
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var f finding
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Log(lines.Text())
			continue
		}
		if f.Check == "" {
			done = f.Done
			continue
		}
		checks++
		if !f.OK {
			t.Errorf("%s: %s", f.Check, f.Detail)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%s %s: %v", script, scenario, err)
	}
	if done != checks || checks == 0 {
		t.Errorf("%s %s ended after %d of %d checks", script, scenario, checks, done)
	}
}
