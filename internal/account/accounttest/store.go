package accounttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/account"
	"parley/internal/session"
)

// Store runs the suite. open returns a store without data, which it closes when
// the test ends; it is called once a subject.
func Store(t *testing.T, open func(t *testing.T) account.Store) {
	for _, subject := range []struct {
		name string
		run  func(*suite)
	}{
		{"Credentials", credentials},
		{"RehashLosesToChange", rehash},
		{"OneSubjectOneAgent", oneSubject},
		{"Factor", factor},
		{"StepsAreUsedOnce", steps},
		{"RecoveryCodesAreUsedOnce", recoveryCodes},
		{"Logins", logins},
		{"LoginsAreBounded", loginsAreBounded},
		{"Invitations", invitations},
		{"InvitationsAreUsedOnce", invitationsOnce},
		{"Audit", audit},
	} {
		t.Run(subject.name, func(t *testing.T) { subject.run(&suite{t, open(t), context.Background()}) })
	}
}

type suite struct {
	*testing.T
	account.Store
	ctx context.Context
}

func (s *suite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *suite) differ(what string, want, got any) {
	s.Helper()
	if !reflect.DeepEqual(want, got) {
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(got)
		s.Errorf("%s:\nwant %s\n got %s", what, a, b)
	}
}

// absent expects session.ErrNoRow.
func (s *suite) absent(what string, err error) {
	s.Helper()
	if !errors.Is(err, session.ErrNoRow) {
		s.Errorf("%s: %v, want no row", what, err)
	}
}

func (s *suite) held(agent string) *account.Credentials {
	s.Helper()
	c, err := s.Store.Credentials(s.ctx, agent)
	s.must(err)
	return c
}

// once asks many times at once and expects one yes.
func (s *suite) once(what string, ask func() (bool, error)) {
	s.Helper()
	var running sync.WaitGroup
	var yes atomic.Int64
	for range 8 {
		running.Go(func() {
			done, err := ask()
			if err != nil {
				s.Error(err)
			}
			if done {
				yes.Add(1)
			}
		})
	}
	running.Wait()
	if yes.Load() != 1 {
		s.Errorf("%s: %d were told yes", what, yes.Load())
	}
}

// hash is what is stored of the n-th secret.
func hash(n byte) account.Hash { return account.Hash{n, 0, 0xff, 31: n} }

func credentials(s *suite) {
	_, err := s.Store.Credentials(s.ctx, "b")
	s.absent("credentials", err)
	s.must(s.SetSubject(s.ctx, "b", "https://id.example", "sub-b"))
	s.must(s.SetPassword(s.ctx, "b", "hash"))
	s.must(s.SetPassword(s.ctx, "a", "one"))
	s.must(s.SetPassword(s.ctx, "a", "two"))
	b := &account.Credentials{Agent: "b", Password: "hash", Issuer: "https://id.example", Subject: "sub-b"}
	s.differ("of one", b, s.held("b"))
	list, err := s.AllCredentials(s.ctx)
	s.must(err)
	s.differ("of all", []*account.Credentials{{Agent: "a", Password: "two"}, b}, list)
}

// rehash: a hash made anew never brings an old password back.
func rehash(s *suite) {
	s.must(s.SetPassword(s.ctx, "a", "old"))
	s.must(s.Rehash(s.ctx, "a", "old", "old, dearer"))
	s.differ("made anew", "old, dearer", s.held("a").Password)
	s.must(s.SetPassword(s.ctx, "a", "new"))
	s.must(s.Rehash(s.ctx, "a", "old, dearer", "old, dearest"))
	s.differ("after a change", "new", s.held("a").Password)
}

func oneSubject(s *suite) {
	s.must(s.SetSubject(s.ctx, "a", "issuer", "one"))
	s.must(s.SetSubject(s.ctx, "b", "other", "one"))
	s.must(s.SetSubject(s.ctx, "c", "issuer", ""))
	s.must(s.SetSubject(s.ctx, "d", "issuer", ""))
	if s.SetSubject(s.ctx, "e", "issuer", "one") == nil {
		s.Error("two agents have one subject of an issuer")
	}
}

// factor: confirming one keeps the last step, so that its code is not good again.
func factor(s *suite) {
	s.must(s.SetPassword(s.ctx, "a", "hash"))
	s.must(s.SetFactor(s.ctx, "a", account.Factor{Pending: []byte{0, 1, 0xff}}, nil))
	s.differ("pending", account.Factor{Pending: []byte{0, 1, 0xff}}, s.held("a").Factor)
	s.must(s.SetFactor(s.ctx, "a", account.Factor{Secret: []byte{0, 1, 0xff}, Used: 7}, []account.Hash{hash(1), hash(2)}))
	s.differ("confirmed", account.Factor{Secret: []byte{0, 1, 0xff}, Used: 7}, s.held("a").Factor)
	s.must(s.SetFactor(s.ctx, "a", account.Factor{}, []account.Hash{hash(3)}))
	s.differ("off", account.Factor{Used: 7}, s.held("a").Factor)
	for n, want := range map[byte]bool{1: false, 2: false, 3: true} {
		used, err := s.UseRecovery(s.ctx, "a", hash(n))
		s.must(err)
		s.differ(fmt.Sprint("recovery code ", n), want, used)
	}
}

func steps(s *suite) {
	s.must(s.SetPassword(s.ctx, "a", "hash"))
	s.once("a step", func() (bool, error) { return s.UseStep(s.ctx, "a", 5) })
	for _, c := range []struct {
		step int64
		want bool
	}{{4, false}, {5, false}, {6, true}, {6, false}} {
		used, err := s.UseStep(s.ctx, "a", c.step)
		s.must(err)
		s.differ(fmt.Sprint("step ", c.step), c.want, used)
	}
	used, err := s.UseStep(s.ctx, "nobody", 9)
	s.must(err)
	s.differ("of nobody", false, used)
}

func recoveryCodes(s *suite) {
	s.must(s.SetPassword(s.ctx, "a", "hash"))
	s.must(s.SetFactor(s.ctx, "a", account.Factor{Secret: []byte("s")}, []account.Hash{hash(1)}))
	used, err := s.UseRecovery(s.ctx, "b", hash(1))
	s.must(err)
	s.differ("of another agent", false, used)
	s.once("a recovery code", func() (bool, error) { return s.UseRecovery(s.ctx, "a", hash(1)) })
}

// login is made at a moment.
func login(n byte, agent string, createdMs int64) *account.Login {
	return &account.Login{Hash: hash(n), Agent: agent, CreatedMs: createdMs, SeenMs: createdMs, Address: "192.0.2.1", Browser: "Mozilla"}
}

func (s *suite) add(l *account.Login, beforeMs int64) {
	s.Helper()
	s.must(s.AddLogin(s.ctx, l, beforeMs))
}

// left tells which logins there are.
func (s *suite) left(all ...byte) (list []byte) {
	s.Helper()
	for _, n := range all {
		_, err := s.Login(s.ctx, hash(n))
		if err == nil {
			list = append(list, n)
		} else {
			s.absent("login", err)
		}
	}
	return list
}

func logins(s *suite) {
	first := login(1, "a", 10)
	s.add(first, 0)
	s.add(login(2, "a", 20), 0)
	s.add(login(3, "b", 30), 0)
	s.must(s.SeeLogin(s.ctx, first.Hash, 15))
	s.must(s.SeeLogin(s.ctx, first.Hash, 12))
	first.SeenMs = 15
	found, err := s.Login(s.ctx, first.Hash)
	s.must(err)
	s.differ("a login", first, found)
	s.add(login(4, "a", 40), 20)
	s.differ("without what began before", []byte{2, 3, 4}, s.left(1, 2, 3, 4))
	s.add(login(5, "a", 50), 0)
	s.must(s.EndLogin(s.ctx, hash(4)))
	s.must(s.EndLogins(s.ctx, "a", hash(2)))
	s.differ("all but one of an agent are over", []byte{2, 3}, s.left(1, 2, 3, 4, 5))
	s.must(s.EndLogins(s.ctx, "a", account.Hash{}))
	s.differ("all of an agent are over", []byte{3}, s.left(1, 2, 3, 4, 5))
}

// loginsAreBounded: the oldest gives way, never the one just made.
func loginsAreBounded(s *suite) {
	var all []byte
	for n := byte(1); n <= account.MaxLogins+2; n++ {
		s.add(login(n, "a", 1000+int64(n)), 0)
		all = append(all, n)
	}
	s.add(login(100, "b", 1), 0)
	s.differ("logins", append(all[2:], 100), s.left(append(all, 100)...))
	s.add(login(101, "a", 1), 0) // of a clock that was set back
	s.differ("the new one", []byte{101}, s.left(101))
}

func invitations(s *suite) {
	_, err := s.Invitation(s.ctx, hash(1))
	s.absent("invitation", err)
	first := &account.Invitation{Hash: hash(1), CreatedMs: 1, ExpiresMs: 10}
	s.must(s.SaveInvitation(s.ctx, first))
	s.must(s.SaveInvitation(s.ctx, &account.Invitation{Hash: hash(2), Agent: "a", CreatedMs: 1, ExpiresMs: 10}))
	again := &account.Invitation{Hash: hash(3), Agent: "a", CreatedMs: 2, ExpiresMs: 20}
	s.must(s.SaveInvitation(s.ctx, again))
	_, err = s.Invitation(s.ctx, hash(2))
	s.absent("the older link", err)
	for _, want := range []*account.Invitation{first, again} {
		got, err := s.Invitation(s.ctx, want.Hash)
		s.must(err)
		s.differ("link", want, got)
	}
	used, err := s.UseInvitation(s.ctx, hash(3), 20)
	s.must(err)
	s.differ("too late", false, used)
	s.must(s.DropInvitations(s.ctx, "a"))
	_, err = s.Invitation(s.ctx, hash(3))
	s.absent("taken away", err)
	_, err = s.Invitation(s.ctx, hash(1))
	s.must(err)
}

func invitationsOnce(s *suite) {
	s.must(s.SaveInvitation(s.ctx, &account.Invitation{Hash: hash(1), Agent: "a", CreatedMs: 1, ExpiresMs: 10}))
	s.once("a link", func() (bool, error) { return s.UseInvitation(s.ctx, hash(1), 9) })
}

// audit: every line has its own number, however many write.
func audit(s *suite) {
	const writers, lines = 5, 8
	var running sync.WaitGroup
	for w := range writers {
		running.Go(func() {
			for n := range lines {
				err := s.AddEntry(s.ctx, &account.Entry{AtMs: int64(n), Agent: strconv.Itoa(w), Action: "agent.changed", Subject: "s", Detail: "было", Address: "::1"})
				if err != nil {
					s.Error(err)
				}
			}
		})
	}
	running.Wait()
	var list []*account.Entry
	for before := int64(1) << 62; ; {
		page, err := s.Entries(s.ctx, before, 7)
		s.must(err)
		list = append(list, page...)
		if len(page) < 7 {
			break
		}
		before = page[len(page)-1].ID
	}
	if len(list) != writers*lines {
		s.Fatalf("%d lines", len(list))
	}
	next := map[string]int64{}
	for i, e := range slices.Backward(list) {
		want := account.Entry{ID: e.ID, AtMs: next[e.Agent], Agent: e.Agent, Action: "agent.changed", Subject: "s", Detail: "было", Address: "::1"}
		s.differ("line", want, *e)
		next[e.Agent]++
		if i > 0 && list[i-1].ID <= e.ID {
			s.Errorf("%d comes after %d", list[i-1].ID, e.ID)
		}
	}
}
