package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley/internal/blob"
	"parley/internal/session"
	"parley/internal/store/sqlite"
)

const childRole = "PARLEY_BLOB_CHILD"

// TestMain also is a server that dies in the middle of an upload.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childRole); dir != "" {
		err := uploadForEver(dir)
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// place is an entrance to files in a directory, with its own clock.
type place struct {
	files   *blob.Files
	keys    *blob.Keys
	objects *blob.Directory
	store   *sqlite.Store
	at      time.Time
}

func openPlace(dir string) (*place, error) {
	p := &place{at: time.Now()}
	var err error
	if p.store, err = sqlite.Open(context.Background(), filepath.Join(dir, "store"), sqlite.Options{}); err != nil {
		return nil, err
	}
	if p.objects, err = blob.OpenDirectory(filepath.Join(dir, "files")); err != nil {
		return nil, err
	}
	if p.keys, err = blob.OpenKeys(filepath.Join(dir, "files.key"), p.at); err != nil {
		return nil, err
	}
	p.files = blob.New(blob.Config{
		Index: p.store.Files(), Objects: p.objects, Keys: p.keys, Base: func() string { return "https://parley.example" },
		Now: func() time.Time { return p.at }, Log: slog.New(slog.DiscardHandler),
	})
	return p, nil
}

func (p *place) close() error { return errors.Join(p.objects.Close(), p.store.Close()) }

func newPlace(t *testing.T) (*place, string) {
	t.Helper()
	dir := t.TempDir()
	p, err := openPlace(dir)
	must(t, err)
	t.Cleanup(func() { must(t, p.close()) })
	return p, dir
}

func (p *place) reserve(t *testing.T, name, media string) *blob.File {
	t.Helper()
	chain := session.NewID(p.at)
	f, err := p.files.Reserve(t.Context(), blob.Request{Integration: "shop", Chain: chain, Client: chain, Name: name, Type: media})
	must(t, err)
	return f
}

// lying lists the files below the directory of objects.
func lying(t *testing.T, dir string) (list []string) {
	t.Helper()
	must(t, filepath.WalkDir(filepath.Join(dir, "files"), func(at string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, at)
		}
		return err
	}))
	return list
}

// uploadForEver begins an upload that never ends and says so.
func uploadForEver(dir string) error {
	p, err := openPlace(dir)
	if err != nil {
		return err
	}
	ctx, chain := context.Background(), session.NewID(p.at)
	f, err := p.files.Reserve(ctx, blob.Request{Integration: "shop", Chain: chain, Client: chain, Name: "a.bin", Type: "application/octet-stream"})
	if err != nil {
		return err
	}
	never, _ := io.Pipe()
	tell := readerFunc(func([]byte) (int, error) {
		fmt.Println(f.ID, chain)
		return never.Read(make([]byte, 1))
	})
	_, err = p.files.Receive(ctx, f.ID, "application/octet-stream", -1, io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), tell))
	return err
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A server killed in the middle of an upload leaves nothing visible.
func TestKilledInTheMiddleOfAnUpload(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	self, err := os.Executable()
	must(t, err)
	child := exec.Command(self)
	child.Env, child.Stderr = append(os.Environ(), childRole+"="+dir), t.Output()
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	var file, chain string
	_, err = fmt.Fscan(out, &file, &chain)
	must(t, err)
	must(t, child.Process.Kill())
	_ = child.Wait()
	if len(lying(t, dir)) != 1 {
		t.Fatalf("the upload had not begun: %v", lying(t, dir))
	}
	p, err := openPlace(dir)
	must(t, err)
	defer func() { must(t, p.close()) }()
	id, err := session.ParseID(file)
	must(t, err)
	if _, _, err := p.files.Open(t.Context(), id); session.CodeOf(err) != session.CodeFileNotFound {
		t.Errorf("the cut upload is read: %v", err)
	}
	if left := lying(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	_, err = p.files.Receive(t.Context(), id, "application/octet-stream", -1, strings.NewReader("again"))
	must(t, err)
}

// full is a directory on a disk with no room.
type full struct{ *blob.Directory }

func (full) Put(context.Context, string, io.Reader) error { return session.Unavailable("no room") }

func TestSweep(t *testing.T) {
	p, dir := newPlace(t)
	never, unused, used := p.reserve(t, "n", "text/plain"), p.reserve(t, "a", "text/plain"), p.reserve(t, "b", "text/plain")
	for _, f := range []*blob.File{unused, used} {
		_, err := p.files.Receive(t.Context(), f.ID, f.Type, 2, strings.NewReader("hi"))
		must(t, err)
	}
	list, err := p.files.Resolve(t.Context(), used.Chain, []session.Attachment{{Type: "image", ID: used.ID.String()}}, false)
	must(t, err)
	if list[0].Type != "file" || list[0].Filename != "b" {
		t.Errorf("resolved to %+v", list[0])
	}
	must(t, p.objects.Put(t.Context(), "0123456789abcdef", strings.NewReader("orphan")))
	must(t, p.files.Sweep(t.Context()))
	if n := len(lying(t, dir)); n != 3 {
		t.Errorf("%d objects after an early sweep", n)
	}
	p.at = p.at.Add(session.UnusedFileLife + time.Hour)
	must(t, p.files.Sweep(t.Context()))
	if left := lying(t, dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	for f, want := range map[*blob.File]session.Code{never: session.CodeFileNotFound, unused: session.CodeFileNotFound, used: ""} {
		if _, err := p.files.Find(t.Context(), f.Chain, f.ID); err == nil != (want == "") || err != nil && session.CodeOf(err) != want {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// Keys turn by themselves; what the old one signed stays valid while it lives.
func TestKeysRotate(t *testing.T) {
	p, dir := newPlace(t)
	id := session.NewID(p.at)
	query := func(link string) url.Values {
		u, err := url.Parse(link)
		must(t, err)
		return u.Query()
	}
	old := query(p.files.DownloadURL(id))
	must(t, p.keys.Rotate(p.at))
	must(t, p.files.Check(blob.Download, id, old))
	again, err := blob.OpenKeys(filepath.Join(dir, "files.key"), p.at)
	must(t, err)
	p.keys = again
	if fresh := query(p.files.DownloadURL(id)); fresh.Get("key") == old.Get("key") {
		t.Error("the old key still signs")
	}
	info, err := os.Stat(filepath.Join(dir, "files.key"))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	for what, q := range map[string]url.Values{"purpose": query(p.files.UploadURL(id)), "nothing": {}} {
		if err := p.files.Check(blob.Download, id, q); session.CodeOf(err) != session.CodeUnauthorized {
			t.Errorf("another %s: %v", what, err)
		}
	}
	if err := p.files.Check(blob.Download, session.NewID(p.at), old); session.CodeOf(err) != session.CodeUnauthorized {
		t.Errorf("another file: %v", err)
	}
	p.at = p.at.Add(session.DownloadLife)
	if err := p.files.Check(blob.Download, id, old); session.CodeOf(err) != session.CodeUnauthorized {
		t.Errorf("expired: %v", err)
	}
}

// What is dangerous under its name is refused; what is honest is taken.
func TestContent(t *testing.T) {
	p, dir := newPlace(t)
	const png, svg = "\x89PNG\r\n\x1a\n", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`
	for _, c := range []struct {
		media, content string
		ok             bool
	}{
		{"image/png", png, true}, {"image/png", svg, false}, {"image/png", "\xff\xd8\xff\xe0", false}, {"image/jpeg", "<html><script>", false},
		{"image/heic", "  \n<?xml version='1.0'?>" + svg, false}, {"image/svg+xml", svg, true}, {"image/svg+xml", "<html>", false},
		{"video/mp4", "<!DOCTYPE html>", false}, {"audio/mpeg", "alert(document.cookie)", false}, {"application/pdf", "%PDF-1.4", true},
		{"application/pdf", "<script>", false}, {"image/png", "#!/bin/sh\n", false}, {"text/plain", "\x7fELF\x02", false}, {"image/gif", "MZ\x90\x00\x03", false},
		{"text/html", "<script>alert(1)</script>", true}, {"application/zip", "PK\x03\x04", true}, {"text/plain", "", true}, {"image/png", "", false},
	} {
		f := p.reserve(t, "x", c.media)
		_, err := p.files.Receive(t.Context(), f.ID, c.media, int64(len(c.content)), strings.NewReader(c.content))
		if (err == nil) != c.ok || err != nil && session.CodeOf(err) != session.CodeInvalidPayload {
			t.Errorf("%q as %s: %v", c.content, c.media, err)
		}
	}
	if n := len(lying(t, dir)); n != 6 {
		t.Errorf("%d objects lie there", n)
	}
}

func TestDiskFull(t *testing.T) {
	p, dir := newPlace(t)
	files := blob.New(blob.Config{Index: p.store.Files(), Objects: full{p.objects}, Keys: p.keys, Base: func() string { return "" }, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	f := p.reserve(t, "x", "text/plain")
	if _, err := files.Receive(t.Context(), f.ID, f.Type, -1, strings.NewReader("hello")); session.CodeOf(err) != session.CodeUnavailable {
		t.Errorf("a full disk: %v", err)
	}
	if n := len(lying(t, dir)); n != 0 {
		t.Errorf("%d objects", n)
	}
	_, err := p.files.Receive(t.Context(), f.ID, f.Type, -1, strings.NewReader("hello"))
	must(t, err)
}

// FuzzName: a name that is taken is one line of text, no path, and comes back
// from its header.
func FuzzName(f *testing.F) {
	for _, seed := range []string{"a.png", "../../etc/passwd", "снимок.png", "a\x00b", "\u202egnp.exe", `q"uote\`, " ", "..", "100%", "\xff", strings.Repeat("ж", 256)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, err := blob.CheckName(text)
		if err != nil {
			if session.CodeOf(err) != session.CodeInvalidPayload {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if !utf8.ValidString(name) || strings.ContainsAny(name, "/\\\r\n\x00") || name == ".." || utf8.RuneCountInString(name) > session.MaxFileNameChars {
			t.Errorf("%q is taken as %q", text, name)
		}
		_, params, err := mime.ParseMediaType(blob.Disposition(name))
		if err != nil || params["filename"] != name {
			t.Errorf("%q comes back as %q, %v", name, params["filename"], err)
		}
	})
}

// FuzzURL: nothing but a URL made here passes, and no text panics.
func FuzzURL(f *testing.F) {
	dir := f.TempDir()
	p, err := openPlace(dir)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = p.close() })
	id := session.NewID(p.at)
	good := p.files.DownloadURL(id)
	for _, seed := range []string{good, p.files.UploadURL(id), "https://parley.example/v1/files/", "//x", "%zz", good + "&key="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ours := p.files.Ours(text)
		if ours && !strings.Contains(strings.ToLower(text), "/v1/files/") {
			t.Errorf("%q is ours", text)
		}
		u, err := url.Parse(text)
		if err != nil {
			return
		}
		q, want := u.Query(), mustQuery(good)
		if p.files.Check(blob.Download, id, q) == nil && (q.Get("signature") != want.Get("signature") || q.Get("expires") != want.Get("expires")) {
			t.Errorf("%q passes", text)
		}
	})
}

func mustQuery(link string) url.Values {
	u, err := url.Parse(link)
	if err != nil {
		panic(err) // made by the package under test
	}
	return u.Query()
}

// One client's slow uploads do not keep the others out.
func TestOneClientHasAShareOfUploads(t *testing.T) {
	p, _ := newPlace(t)
	slow := session.NewID(p.at)
	ask := func(client session.ID) *blob.File {
		f, err := p.files.Reserve(t.Context(), blob.Request{Integration: "shop", Chain: client, Client: client, Name: "a.bin", Type: "application/octet-stream"})
		must(t, err)
		return f
	}
	put := func(f *blob.File, body io.Reader) error {
		_, err := p.files.Receive(t.Context(), f.ID, f.Type, -1, body)
		return err
	}
	body, end := io.Pipe()
	begun, ended := make(chan struct{}), make(chan error)
	for range session.UploadsOfClient {
		f := ask(slow)
		begin := readerFunc(func([]byte) (int, error) { begun <- struct{}{}; return 0, io.EOF })
		go func() { ended <- put(f, io.MultiReader(begin, body)) }()
	}
	for range session.UploadsOfClient {
		<-begun
	}
	if err := put(ask(slow), strings.NewReader("one more")); session.CodeOf(err) != session.CodeRateLimited {
		t.Errorf("an upload over the share: %v", err)
	}
	must(t, put(ask(session.NewID(p.at)), strings.NewReader("another client's")))
	must(t, end.Close())
	for range session.UploadsOfClient {
		must(t, <-ended)
	}
	must(t, put(ask(slow), strings.NewReader("later")))
}

// A client cannot ask for places without end.
func TestUnusedFilesAreBounded(t *testing.T) {
	p, _ := newPlace(t)
	client := session.NewID(p.at)
	ask := func() (*blob.File, error) {
		return p.files.Reserve(t.Context(), blob.Request{Integration: "shop", Chain: client, Client: client, Name: "a.txt", Type: "text/plain"})
	}
	first, err := ask()
	must(t, err)
	for range session.UnusedFiles - 1 {
		_, err := ask()
		must(t, err)
	}
	if _, err := ask(); session.CodeOf(err) != session.CodeRateLimited {
		t.Errorf("a place over the limit: %v", err)
	}
	_, err = p.files.Receive(t.Context(), first.ID, "text/plain", -1, strings.NewReader("x"))
	must(t, err)
	_, err = p.files.Resolve(t.Context(), client, []session.Attachment{{ID: first.ID.String()}}, false)
	must(t, err) // a message names it
	if _, err := ask(); err != nil {
		t.Errorf("after one was used: %v", err)
	}
}

// What a page could run by its address is given out as plain bytes.
func TestServedType(t *testing.T) {
	for media, want := range map[string]string{
		"image/png": "", "image/svg+xml": "", "application/pdf": "", "text/plain": "", "application/zip": "", "video/mp4": "",
		"text/javascript": "application/octet-stream", "application/javascript": "application/octet-stream", "application/x-ecmascript": "application/octet-stream",
		"application/ecmascript": "application/octet-stream", "text/css": "application/octet-stream", "text/html": "application/octet-stream",
		"application/xhtml+xml": "application/octet-stream", "application/json": "application/octet-stream", "application/wasm": "application/octet-stream",
	} {
		if want == "" {
			want = media
		}
		if got := (&blob.File{Type: media}).ServedType(); got != want {
			t.Errorf("%s is given out as %s", media, got)
		}
	}
}

// A file whose bytes went between the look at its row and at the disk is gone,
// not a fault.
func TestOpen_WithoutBytes(t *testing.T) {
	p, dir := newPlace(t)
	f := p.reserve(t, "a.txt", "text/plain")
	_, err := p.files.Receive(t.Context(), f.ID, "text/plain", -1, strings.NewReader("x"))
	must(t, err)
	for _, name := range lying(t, dir) {
		must(t, os.Remove(name))
	}
	if _, _, err := p.files.Open(t.Context(), f.ID); session.CodeOf(err) != session.CodeFileNotFound {
		t.Errorf("got %v", err)
	}
}
