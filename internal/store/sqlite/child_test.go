//go:build linux

package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/internal/session"
	"parley/internal/session/sessiontest"
)

// childRole is the environment variable that makes the test program a child:
// a server that another process kills or whose disk runs full.
const childRole = "PARLEY_STORE_CHILD"

func TestMain(m *testing.M) {
	roles := map[string]func(*child) error{
		"worker": (*child).work, "limit": (*child).meetLimit, "disk": (*child).fillDisk,
	}
	run, ok := roles[os.Getenv(childRole)]
	if !ok {
		os.Exit(m.Run())
	}
	c := &child{dir: os.Args[1], round: os.Args[2], in: sessiontest.Integration("house")}
	if err := run(c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// command starts the test program in a role.
func command(t *testing.T, role, dir, round string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, dir, round)
	cmd.Env = append(os.Environ(), childRole+"="+role)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// child is a process with a store of its own.
type child struct {
	dir   string
	round string
	in    *session.Integration
	store *Store
	core  *session.Core
	said  sync.Mutex
}

func (c *child) open() (err error) {
	if c.store, err = Open(context.Background(), c.dir, Options{CheckpointPages: 200}); err != nil {
		return err
	}
	c.core = session.New(session.Config{
		Store: c.store, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Integration: func(string) (*session.Integration, bool) { return c.in, true },
		Bot:         func(*session.Integration) session.Bot { return nil },
	})
	return nil
}

// acknowledge tells the parent what was confirmed. The pipe has no buffer on
// this side, so what the parent reads was confirmed before the kill.
func (c *child) acknowledge(words ...any) {
	c.said.Lock()
	defer c.said.Unlock()
	fmt.Println(words...)
}

// work does a bit of everything until it is killed.
func (c *child) work() error {
	if err := c.open(); err != nil {
		return err
	}
	var all sync.WaitGroup
	failed := make(chan error, 8)
	for i := range 6 {
		all.Go(func() { failed <- c.live(fmt.Sprintf("%s-%d", c.round, i)) })
	}
	all.Go(func() { failed <- c.deliver() })
	return <-failed
}

// live works on one session after another, each under a name of its own.
func (c *child) live(name string) error {
	ctx := context.Background()
	for life := 0; ; life++ {
		res, err := c.core.Create(ctx, c.in, session.Create{ChannelUserID: name, Channel: session.KindCustom})
		if err != nil {
			return err
		}
		id := res.Session.ID
		c.acknowledge("session", id)
		if life%2 == 1 {
			if _, err := c.core.Handover(ctx, c.in, id, session.Handover{}, nil); err != nil {
				return err
			}
		}
		for n := range 10 {
			key := fmt.Sprintf("%s-%d-%d", name, life, n)
			patch := session.Document{"live_instructions": map[string]any{key: n}}
			if _, err := c.core.Merge(ctx, c.in, id, &session.Update{Patch: patch}); err != nil {
				return err
			}
			c.acknowledge("key", id, key)
			if n < 3 { // below the bound of the inbox, over all sessions of the client
				if err := c.say(id, key); err != nil {
					return err
				}
			}
		}
		if _, err := c.core.Close(ctx, c.in, id, session.ReasonAPI); err != nil {
			return err
		}
		c.acknowledge("closed", id)
	}
}

func (c *child) say(id session.ID, key string) error {
	res, err := c.core.Accept(context.Background(), c.in, session.Incoming{
		Handle: id, Raw: fmt.Appendf(nil, `{"input":{"text":%q}}`, key), ClientMessageID: key, InputHash: []byte(key),
	})
	if err == nil {
		c.acknowledge("message", id, key, res.Message.ID)
	}
	return err
}

// deliver is a webhook sender whose receiver takes everything.
func (c *child) deliver() error {
	box := c.store.Outbox()
	for {
		list, err := box.Claim(context.Background(), time.Now().UnixMilli(), 0, 4)
		if err != nil {
			return err
		}
		for _, d := range list {
			if err := box.Settle(context.Background(), []session.Settlement{{ID: d.ID, Token: d.Token, Delivered: true}}); err != nil {
				return err
			}
			c.acknowledge("delivered", d.Chain, d.Sequence)
		}
	}
}

// acknowledgements reads what the child confirmed until it has said enough or
// is gone.
func acknowledgements(t *testing.T, cmd *exec.Cmd, enough int, tell func(line string)) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		tell(lines.Text())
		if n == enough {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the child ended by itself: %v", err)
	}
}
