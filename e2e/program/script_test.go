package program

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The files of testdata/script are the command line as users type it. Beside
// testscript's own commands they have:
//
//	status N command...   runs a command that ends with exit code N
//	field NAME VALUE      demands a field of the JSON object on standard output
//	keep VARIABLE NAME    puts a field of that object into a variable
func TestCommandLine(t *testing.T) {
	t.Parallel()
	path := program(t)
	shop := bot(t, "shop")
	broken := bot(t, "broken")
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PARLEY", path)
			env.Setenv("SHOP", shop)
			env.Setenv("BROKEN", broken)
			dir, err := os.MkdirTemp("", "parley") // short, for the control socket
			env.Setenv("DATA", dir)
			env.Defer(func() { _ = os.RemoveAll(dir) })
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": status, "field": field, "keep": keep},
	})
}

func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := err.(interface{ ExitCode() int }); ok {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s\n%s%s", code, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func fieldOf(ts *testscript.TestScript, name string) any {
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile("stdout")), &v); err != nil {
		ts.Fatalf("standard output is no JSON: %v", err)
	}
	for step := range strings.SplitSeq(name, ".") {
		var index int
		if n, err := fmt.Sscanf(step, "[%d]", &index); n == 1 && err == nil {
			v = at(v, index)
			continue
		}
		v = at(v, step)
	}
	return v
}

func field(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: field NAME REGEXP")
	}
	got := fmt.Sprint(fieldOf(ts, args[0]))
	if regexp.MustCompile("^(?:"+args[1]+")$").MatchString(got) == neg {
		ts.Fatalf("%s is %s, want %s", args[0], got, args[1])
	}
}

func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep VARIABLE NAME")
	}
	ts.Setenv(args[0], fmt.Sprint(fieldOf(ts, args[1])))
}

// Every command, down to the last, has help with an example that names it.
func TestHelpOfEveryCommand(t *testing.T) {
	t.Parallel()
	seen := 0
	var visit func(path []string)
	visit = func(path []string) {
		r := parley(t, append(path, "--help")...)
		name := strings.Join(append([]string{"parley"}, path...), " ")
		if r.code != 0 || !strings.Contains(r.out, name) {
			t.Errorf("%s --help: exit code %d\n%s%s", name, r.code, r.out, r.err)
		}
		children := commandsOf(r.out, path)
		for _, child := range children {
			visit(append(append([]string{}, path...), child))
		}
		if len(children) > 0 {
			return
		}
		seen++
		_, example, found := strings.Cut(r.out, "Example:")
		if !found || !strings.Contains(example, name) {
			t.Errorf("%s --help shows no example\n%s", name, r.out)
		}
	}
	visit(nil)
	if seen < 20 {
		t.Errorf("found only %d commands", seen)
	}
}

// commandsOf reads the list of commands of a help text.
func commandsOf(help string, path []string) []string {
	_, list, found := strings.Cut(help, "Commands:\n")
	if !found {
		return nil
	}
	var names []string
	for line := range strings.SplitSeq(list, "\n") {
		words := strings.Fields(line)
		if !strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "   ") || len(words) <= len(path) {
			continue
		}
		if strings.Join(words[:len(path)], " ") == strings.Join(path, " ") {
			names = append(names, words[len(path)])
		}
	}
	return names
}
