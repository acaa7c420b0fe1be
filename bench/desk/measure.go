package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"
)

// measure fills the server, connects everybody and measures.
func measure(ctx context.Context, p plan, s *server) (found *findings, err error) {
	scene, err := prepare(ctx, p, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, scene.leave()) }()
	found = &findings{chromium: scene.browser.Version, mix: scene.mix}

	talking, hush := context.WithCancel(ctx)
	var chatter sync.WaitGroup
	var chatted error
	chatter.Go(func() { chatted = scene.visitors.chatter(talking, p.rate) })
	err = scene.observe(ctx, p, found)
	hush()
	chatter.Wait()
	return found, errors.Join(err, chatted)
}

// scene is everybody who takes part.
type scene struct {
	server   *server
	admin    *person
	visitors *visitors
	audience *audience
	browser  *browser
	mix      string
}

func say(format string, values ...any) { fmt.Fprintf(os.Stderr, format+"\n", values...) }

// prepare makes the people and the conversations. Of these, half are the bot's; of the
// others the router gives the agents what they have room for, a fifth of all.
func prepare(ctx context.Context, p plan, s *server) (*scene, error) {
	admin, err := accept(ctx, s.base, s.link, "Ada", "ada@desk.example")
	if err != nil {
		return nil, err
	}
	visitors := newVisitors(s)
	say("opening %d conversations", p.threads)
	if err := visitors.arrive(ctx, p.threads); err != nil {
		return nil, err
	}
	say("signing in %d agents", p.agents)
	agents := make([]*person, p.agents)
	capacity := min(max(p.threads/5/p.agents, 1), 100)
	for i := range agents {
		if agents[i], err = admin.invite(ctx, i, capacity); err != nil {
			return nil, err
		}
	}
	audience, err := gather(ctx, agents)
	if err != nil {
		return nil, err
	}
	mix, err := settle(ctx, admin, agents, p.threads)
	if err != nil {
		return nil, errors.Join(err, audience.leave())
	}
	say("%s", mix)
	cookie, err := admin.cookie()
	if err != nil {
		return nil, errors.Join(err, audience.leave())
	}
	browser, err := openBrowser(ctx, s.base, cookie)
	if err != nil {
		return nil, errors.Join(err, audience.leave())
	}
	return &scene{s, admin, visitors, audience, browser, mix}, nil
}

// settle lets every agent put one conversation to sleep, and waits until the list is
// complete and the router has given what it can.
func settle(ctx context.Context, admin *person, agents []*person, threads int) (string, error) {
	before := counts{All: -1}
	still := 0
	for end := time.Now().Add(5 * time.Minute); ; {
		list, err := admin.firstPage(ctx, "all")
		if err != nil {
			return "", err
		}
		now := list.Counts
		if still++; now != before || now.All+now.Snoozed < threads {
			still = 0
		}
		if before = now; still == 3 && now.Snoozed == len(agents) {
			bot := threads / 2
			return fmt.Sprintf("%d with the bot, %d with agents, %d in the queue, %d snoozed",
				bot, now.All-bot-now.Unassigned, now.Unassigned, now.Snoozed), nil
		}
		if still == 3 {
			if err := snooze(ctx, agents); err != nil {
				return "", err
			}
		}
		if time.Now().After(end) {
			return "", fmt.Errorf("the list did not come to rest: %+v of %d", now, threads)
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func snooze(ctx context.Context, agents []*person) error {
	until := time.Now().Add(24 * time.Hour).UnixMilli()
	for i, agent := range agents {
		list, err := agent.firstPage(ctx, "mine")
		if err != nil {
			return err
		}
		if len(list.Threads) == 0 {
			return fmt.Errorf("agent %d was given nothing", i)
		}
		if err := agent.do(ctx, http.MethodPost, "/threads/"+list.Threads[0].ID+"/snooze", map[string]int64{"until": until}, nil); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) leave() error { return errors.Join(s.audience.leave(), s.browser.shut()) }

// observe measures while visitors write.
func (s *scene) observe(ctx context.Context, p plan, f *findings) error {
	say("loading the page %d times", p.paints)
	for range p.paints {
		one, err := s.browser.paint()
		if err != nil {
			return err
		}
		f.paints, f.scripts = append(f.paints, milliseconds(one.Rows)), one.Scripts
	}
	say("reading the list %d times", p.lists)
	for range p.lists {
		start := time.Now()
		if _, err := s.admin.firstPage(ctx, "all"); err != nil {
			return err
		}
		f.lists = append(f.lists, time.Since(start))
	}
	return s.follow(ctx, p.updates, f)
}

// follow sends messages of those who wait longest, so that the rows they change stand at
// the top of the browser's list, and sees when the change arrives.
func (s *scene) follow(ctx context.Context, updates int, f *findings) error {
	if err := s.browser.watch(); err != nil {
		return err
	}
	list, err := s.admin.firstPage(ctx, "all")
	if err != nil {
		return err
	}
	say("following %d updates", updates)
	if f.before, err = s.server.usage(); err != nil {
		return err
	}
	heard := s.audience.frames.Load()
	for n := range updates {
		row := list.Threads[n%8]
		if err := s.trace(ctx, row.Session, fmt.Sprintf("Is anybody there? %d.", n), f); err != nil {
			return err
		}
	}
	f.rows = s.audience.frames.Load() - heard
	f.after, err = s.server.usage()
	return err
}

// trace follows one message.
func (s *scene) trace(ctx context.Context, session, text string, f *findings) error {
	if err := s.browser.seek(text); err != nil {
		return err
	}
	probe := s.audience.seek(text)
	if err := s.visitors.say(ctx, session, text); err != nil {
		return err
	}
	acknowledged := time.Now()
	last, err := s.audience.heard(ctx, probe)
	if err != nil {
		return err
	}
	seen, err := s.browser.found()
	if err != nil {
		return err
	}
	f.heard = append(f.heard, max(0, last.Sub(acknowledged)))
	f.document = append(f.document, since(acknowledged, seen.InDocument))
	f.painted = append(f.painted, since(acknowledged, seen.Painted))
	return nil
}

// since is from a moment to one of the browser's clock, which is this machine's.
func since(start time.Time, ms float64) time.Duration {
	return max(0, milliseconds(ms-float64(start.UnixMicro())/1000))
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
