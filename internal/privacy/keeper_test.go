package privacy_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/privacy"
	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// house is a core on a real store with a clock that the test sets.
type house struct {
	*testing.T
	dir     string
	store   *sqlite.Store
	core    *session.Core
	in      *session.Integration
	keeper  *privacy.Keeper
	objects *blob.Directory
	now     atomic.Int64
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, dir: sqlitetest.Dir(t, sqlite.Open)}
	h.now.Store(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC).UnixMilli())
	clock := func() time.Time { return time.UnixMilli(h.now.Add(1)) }
	var err error
	if h.store, err = sqlite.Open(t.Context(), h.dir, sqlite.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.store.Close() })
	h.in = &session.Integration{ID: "shop", Name: "shop", Kind: session.KindCustom, Active: true, Settings: session.Settings{
		WebhookURL: "https://example.com/hook", SubscribedEvents: append(session.WebhookEvents(), session.ExtensionEvents()...),
	}.WithDefaults(session.KindCustom)}
	h.core = session.New(session.Config{
		Store: h.store, Now: clock, Log: slog.New(slog.DiscardHandler),
		Integration: func(id string) (*session.Integration, bool) { return h.in, id == h.in.ID },
		Bot:         func(*session.Integration) session.Bot { return nil },
	})
	if err := h.core.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.core.Stop(context.Background()) })
	if h.objects, err = blob.OpenDirectory(filepath.Join(h.dir, "files")); err != nil {
		t.Fatal(err)
	}
	h.keeper = privacy.New(privacy.Config{
		Core: h.core, Archive: h.store.Archive(), Files: h.store.Files(), Objects: h.objects, Integrations: func() []*session.Integration { return []*session.Integration{h.in} },
		Backups: 30 * 24 * time.Hour, Now: clock, Log: slog.New(slog.DiscardHandler),
	})
	return h
}

func (h *house) open(user, name string) *session.Session {
	h.Helper()
	out, err := h.core.Create(h.Context(), h.in, session.Create{
		ChannelUserID: user, Channel: session.KindCustom, ExternalID: "order of " + name,
		Context: &session.Update{Patch: session.Document{"user": map[string]any{"display_name": name}}},
		Repeat: &session.Repeat{Route: "create", Key: name + time.Now().String(), Answer: func(r *session.Result) []byte {
			return fmt.Appendf(nil, `{"session_id":%q,"context":%s}`, r.Session.ID, r.Document.JSON())
		}},
	})
	if err != nil {
		h.Fatal(err)
	}
	return out.Session
}

func (h *house) say(id session.ID, text string) error {
	_, err := h.core.Accept(context.Background(), h.in, session.Incoming{
		Handle: id, Input: session.Input{Text: text}, Raw: fmt.Appendf(nil, `{"input":{"text":%q}}`, text), InputHash: []byte(text),
	})
	return err
}

// file gives a session a file.
func (h *house) file(s *session.Session, name, content string) {
	h.Helper()
	f := &blob.File{
		ID: session.NewID(time.Now()), Integration: h.in.ID, Chain: s.Chain, Client: s.Client, Name: name, Type: "text/plain",
		Size: int64(len(content)), Object: s.ID.String(), State: blob.StateReady, CreatedMs: h.now.Load(),
	}
	err := h.objects.Put(h.Context(), f.Object, strings.NewReader(content))
	added, adding := h.store.Files().AddFile(h.Context(), f, session.UnusedFiles)
	if err := errors.Join(err, adding); err != nil || !added {
		h.Fatal(added, err)
	}
}

func (h *house) client(user string) session.ID {
	h.Helper()
	found, err := h.keeper.Find(h.Context(), h.in, session.PersonRef{ChannelUserID: user})
	if err != nil {
		h.Fatal(err)
	}
	return found.ID
}

// raw is every byte that the store has on the disk.
func (h *house) raw() []byte {
	h.Helper()
	var all []byte
	err := filepath.WalkDir(h.dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		all = append(all, content...)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return all
}

// TestGuarantee25_ErasureLeavesNothing looks for the person's words in the bytes
// of the files.
func TestGuarantee25_ErasureLeavesNothing(t *testing.T) {
	h := newHouse(t)
	gone, stays := h.open("ada", "Zanzibar"), h.open("bob", "Quagmire")
	for i := range 40 {
		if err := errors.Join(h.say(gone.ID, fmt.Sprintf("Zanzibar says %d", i%8)), h.say(stays.ID, "Quagmire says so")); err != nil && session.CodeOf(err) != session.CodeRateLimited {
			t.Fatal(err)
		}
	}
	h.file(gone, "Zanzibar.txt", "a letter of Zanzibar")
	h.file(stays, "list.txt", "Quagmire wants three")
	if _, err := h.core.Handover(t.Context(), h.in, gone.ID, session.Handover{Reason: "Zanzibar asked"}, nil); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(h.raw(), []byte("Zanzibar")) {
		t.Fatal("the test sees nothing on the disk")
	}
	client := h.client("ada")
	proof, err := h.keeper.Erase(t.Context(), h.in, client, "api")
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range [][]byte{[]byte("Zanzibar"), client[:], gone.ID[:], []byte(gone.ID.String())} {
		if raw := h.raw(); bytes.Contains(raw, trace) {
			at := bytes.Index(raw, trace)
			t.Errorf("the files still hold %q: %q", trace, raw[max(0, at-80):at+80])
		}
	}
	if !bytes.Contains(h.raw(), []byte("Quagmire wants three")) {
		t.Error("another person's words are gone")
	}
	for _, table := range []string{"clients", "sessions", "documents", "messages", "events", "outbox", "chains", "conversations", "remembered", "files"} {
		if proof.Rows[table] == 0 {
			t.Errorf("the proof counts no rows of %s: %v", table, proof.Rows)
		}
	}
	if proof.BackupsMs != proof.AtMs+(30*24*time.Hour).Milliseconds() {
		t.Errorf("backups expire at %d, erased at %d", proof.BackupsMs, proof.AtMs)
	}
	h.afterwards(gone, stays, client, proof)
}

func (h *house) afterwards(gone, stays *session.Session, client session.ID, proof *session.Erasure) {
	h.Helper()
	if _, err := h.core.At(h.Context(), h.in, gone.ID); session.CodeOf(err) != session.CodeSessionNotFound {
		h.Errorf("the erased session answers %v", err)
	}
	if err := h.say(gone.ID, "hello?"); session.CodeOf(err) != session.CodeSessionNotFound {
		h.Errorf("a message to it answers %v", err)
	}
	if err := h.say(stays.ID, "still here"); err != nil {
		h.Error(err)
	}
	if _, err := h.keeper.Erase(h.Context(), h.in, client, "api"); session.CodeOf(err) != session.CodeNotFound {
		h.Errorf("a second erasure answers %v", err)
	}
	h.open("ada", "Ada")
	if again := h.client("ada"); again == client {
		h.Error("the person has the old id again")
	}
	list, err := h.keeper.Erasures(h.Context(), h.in, session.ID{}, 100)
	if err != nil || list[len(list)-1].ID != proof.ID || list[len(list)-1].Rows["messages"] != proof.Rows["messages"] {
		h.Errorf("proofs %v, %v", list, err)
	}
}

// TestErasureBesideWriters: whatever is confirmed after an erasure is there; the
// erased sessions are gone whoever wrote to them meanwhile.
func TestErasureBesideWriters(t *testing.T) {
	h := newHouse(t)
	var writers sync.WaitGroup
	var confirmed sync.Map // sessions opened, by the round they were opened in
	var round atomic.Int64
	stop := make(chan struct{})
	for range 8 {
		writers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				before := round.Load()
				s := h.open("ada", "Ada")
				if err := h.say(s.ID, "hi"); err != nil {
					switch session.CodeOf(err) {
					case session.CodeSessionNotFound, session.CodeRateLimited:
					default:
						t.Error(err)
					}
				}
				confirmed.Store(s.ID, before)
			}
		})
	}
	for range 10 {
		client, err := h.keeper.Find(t.Context(), h.in, session.PersonRef{ChannelUserID: "ada"})
		if err != nil {
			continue
		}
		if _, err := h.keeper.Erase(t.Context(), h.in, client.ID, "api"); err != nil && session.CodeOf(err) != session.CodeUnavailable {
			t.Fatal(err)
		}
		round.Add(1)
	}
	close(stop)
	writers.Wait()
	last := h.open("ada", "Ada")
	if _, err := h.core.View(t.Context(), h.in, last.ID); err != nil {
		t.Error(err)
	}
	sessions, err := h.core.Sessions(t.Context(), session.SessionFilter{Integration: h.in.ID})
	if err != nil {
		t.Fatal(err)
	}
	owner := h.client("ada")
	for _, s := range sessions {
		if s.Client != owner {
			t.Errorf("session %s is left of an erased person", s.ID)
		}
		if _, known := confirmed.Load(s.ID); !known && s.ID != last.ID {
			t.Errorf("session %s is there and was never confirmed", s.ID)
		}
	}
}

func TestRetention(t *testing.T) {
	h := newHouse(t)
	h.in.Settings.RetentionDays = 30
	old, open := h.open("ada", "Ada"), h.open("bob", "Bob")
	if _, err := h.core.Close(t.Context(), h.in, old.ID, session.ReasonAPI); err != nil {
		t.Fatal(err)
	}
	h.core.Stop(t.Context()) // the open one must not expire on the way
	day := (24 * time.Hour).Milliseconds()
	for _, step := range []struct {
		days int64
		want int
	}{{29, 0}, {1, 1}, {100, 0}} {
		h.now.Add(step.days * day)
		if n, err := h.keeper.Retain(t.Context()); err != nil || n != step.want {
			t.Errorf("after %d more days %d chains went (%v), want %d", step.days, n, err, step.want)
		}
	}
	if _, err := h.core.At(t.Context(), h.in, old.ID); session.CodeOf(err) != session.CodeSessionNotFound {
		t.Errorf("the old session: %v", err)
	}
	if _, err := h.keeper.Find(t.Context(), h.in, session.PersonRef{ChannelUserID: "ada"}); session.CodeOf(err) != session.CodeNotFound {
		t.Errorf("a person of whom nothing is left: %v", err)
	}
	if _, err := h.core.At(t.Context(), h.in, open.ID); err != nil {
		t.Error(err)
	}
}

func TestExport(t *testing.T) {
	h := newHouse(t)
	s := h.open("ada", "Ada")
	other := h.open("bob", "Bob")
	if err := errors.Join(h.say(s.ID, "what I said"), h.say(other.ID, "what he said")); err != nil {
		t.Fatal(err)
	}
	h.file(s, "//etc/passwd", "my file")
	var packed bytes.Buffer
	if err := h.keeper.Export(t.Context(), h.client("ada"), &packed); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		t.Fatal(err)
	}
	page, err := archive.Open("person.json")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(page)
	if err != nil {
		t.Fatal(err)
	}
	var person struct {
		Client string `json:"client_id"`
		Tables map[string][]map[string]any
	}
	if err := json.Unmarshal(raw, &person); err != nil {
		t.Fatal(err)
	}
	if person.Tables["sessions"][0]["id"] != s.ID.String() || len(person.Tables["messages"]) == 0 || person.Client != h.client("ada").String() {
		t.Errorf("%s", raw)
	}
	sent, err := fs.Glob(archive, "files/*-__etc_passwd")
	if err != nil || len(sent) != 1 {
		t.Fatalf("files in the archive: %v, %v", sent, err)
	}
	if content, err := fs.ReadFile(archive, sent[0]); err != nil || string(content) != "my file" {
		t.Errorf("%q, %v", content, err)
	}
	if !strings.Contains(string(raw), "what I said") || strings.Contains(string(raw), "what he said") {
		t.Errorf("%s", raw)
	}
}
