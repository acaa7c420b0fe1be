package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"parley/internal/session"
)

// Paths of signed URLs.
const (
	DownloadPath = "/v1/files/{file_id}"
	UploadPath   = DownloadPath + "/upload"
	prefix       = "/v1/files/"
	uploadSuffix = "/upload"
)

// Config of Files. All fields but Leads are required.
type Config struct {
	Index   Index
	Objects Objects
	Keys    *Keys
	Leads   func() bool   // whether this node sweeps; nil: it does
	Base    func() string // of the server as clients reach it, without a slash at the end
	Now     func() time.Time
	Log     *slog.Logger
}

// Files is the one entrance to files. Safe for concurrent use.
type Files struct {
	cfg   Config
	slots slots // of uploads that run
}

// New returns the entrance.
func New(cfg Config) *Files {
	return &Files{cfg: cfg, slots: slots{taken: map[session.ID]int{}}}
}

// Request asks for a place for one file of a chain.
type Request struct {
	Integration string
	Chain       session.ID
	Client      session.ID
	Name        string
	Type        string
	Size        int64 // 0: not known yet
}

// Reserve makes a file that has no bytes yet.
func (f *Files) Reserve(ctx context.Context, r Request) (*File, error) {
	name, err := CheckName(r.Name)
	if err != nil {
		return nil, err
	}
	media, err := CheckType(r.Type)
	if err != nil {
		return nil, err
	}
	if r.Size < 0 || r.Size > session.MaxFileBytes {
		return nil, tooLarge()
	}
	at := f.cfg.Now()
	v := &File{
		ID: session.NewID(at), Integration: r.Integration, Chain: r.Chain, Client: r.Client, Name: name, Type: media,
		Size: r.Size, State: StateReserved, CreatedMs: at.UnixMilli(),
	}
	added, err := f.cfg.Index.AddFile(ctx, v, session.UnusedFiles)
	if err == nil && !added {
		err = &session.Error{Code: session.CodeRateLimited, RetryAfter: session.UploadLife, Message: "too many files were asked for that no message names"}
	}
	return v, err
}

// UploadURL returns where a reserved file is PUT, once: contract a.11.
func (f *Files) UploadURL(id session.ID) string { return f.signed(Upload, id, uploadSuffix) }

// DownloadURL returns where a file is read: contract a.12.
func (f *Files) DownloadURL(id session.ID) string { return f.signed(Download, id, "") }

func (f *Files) signed(p Purpose, id session.ID, suffix string) string {
	return f.cfg.Base() + prefix + id.String() + suffix + "?" + f.cfg.Keys.sign(p, id, f.cfg.Now()).Encode()
}

// Check admits a request with the query of a signed URL.
func (f *Files) Check(p Purpose, id session.ID, q url.Values) error {
	return f.cfg.Keys.check(p, id, q, f.cfg.Now())
}

// Find returns a file of a chain that has its bytes. Another chain's is not
// found, like one that was not uploaded.
func (f *Files) Find(ctx context.Context, chain, id session.ID) (*File, error) {
	v, err := f.file(ctx, id)
	if err == nil && (v.Chain != chain || v.State == StateReserved) {
		err = notFound()
	}
	return v, err
}

func (f *Files) file(ctx context.Context, id session.ID) (*File, error) {
	v, err := f.cfg.Index.File(ctx, id)
	if errors.Is(err, session.ErrNoRow) {
		err = notFound()
	}
	return v, err
}

// Open returns a file and its bytes, which the caller closes.
func (f *Files) Open(ctx context.Context, id session.ID) (*File, io.ReadSeekCloser, error) {
	v, err := f.file(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if v.State == StateReserved {
		return nil, nil, notFound()
	}
	r, err := f.cfg.Objects.Open(ctx, v.Object)
	if errors.Is(err, fs.ErrNotExist) { // its person was erased this moment, or the disk has lost it
		f.cfg.Log.WarnContext(ctx, "a file has no bytes", "file", v.ID.String())
		err = notFound()
	}
	return v, r, err
}

// Receive takes the bytes of a reserved file. length is what the request
// announces, -1 for nothing. Of several uploads one wins, the others get
// CodeConflict.
func (f *Files) Receive(ctx context.Context, id session.ID, media string, length int64, body io.Reader) (*File, error) {
	v, err := f.file(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := v.expects(media, length); err != nil {
		return nil, err
	}
	if err := f.slots.take(v.Client); err != nil {
		return nil, err
	}
	defer f.slots.release(v.Client)
	in := &intake{body: body, hash: sha256.New()}
	if err := in.look(v.Type); err != nil {
		return nil, err
	}
	name := v.ID.String() + "-" + hex.EncodeToString(random(8))
	if err := f.cfg.Objects.Put(ctx, name, in); err != nil {
		return nil, err
	}
	announced := v.Size
	v.Size, v.SHA256, v.Object, v.State = in.size, in.hash.Sum(nil), name, StateReady
	done := false
	if announced > 0 && announced != v.Size {
		err = wrongSize(announced)
	} else {
		done, err = f.cfg.Index.FinishFile(ctx, v)
	}
	if err == nil && done {
		return v, nil
	}
	if gone := f.cfg.Objects.Delete(ctx, name); gone != nil {
		f.cfg.Log.WarnContext(ctx, "a file without a row is left to the sweep", "error", gone.Error())
	}
	if err == nil {
		err = taken()
	}
	return nil, err
}

// expects refuses what does not fit the reservation before a byte is read.
func (v *File) expects(media string, length int64) error {
	if v.State != StateReserved {
		return taken()
	}
	if is, err := CheckType(media); err != nil || is != v.Type {
		return session.Invalid("Content-Type", "must be %s, as was asked for", v.Type)
	}
	if length > session.MaxFileBytes {
		return tooLarge()
	}
	if length >= 0 && v.Size > 0 && length != v.Size {
		return wrongSize(v.Size)
	}
	return nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand.Read never fails (Go 1.24)
	return b
}

// intake reads an upload: measured, summed, and refused at the limit.
type intake struct {
	head []byte
	body io.Reader
	hash hash.Hash
	size int64
}

// look reads the beginning and holds it against the declared type.
func (in *intake) look(media string) error {
	in.head = make([]byte, sniffed)
	n, err := io.ReadFull(in.body, in.head)
	in.head = in.head[:n]
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return cut(err)
	}
	if err != nil {
		in.body = bytes.NewReader(nil)
		if err == io.ErrUnexpectedEOF && n == 0 {
			return cut(err)
		}
	}
	return checkContent(media, in.head)
}

func (in *intake) Read(p []byte) (int, error) {
	n, err := copy(p, in.head), error(nil)
	in.head = in.head[n:]
	if n == 0 {
		n, err = in.body.Read(p)
	}
	in.size += int64(n)
	in.hash.Write(p[:n])
	if in.size > session.MaxFileBytes {
		return 0, tooLarge()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = cut(err)
	}
	return n, err
}

// cut is the refusal of a body that ended early.
func cut(error) error {
	return session.Invalid("", "the body did not arrive whole, or came too slowly")
}

func notFound() error {
	return &session.Error{Code: session.CodeFileNotFound, Message: "no such file, or it was not uploaded yet"}
}

func taken() error {
	return &session.Error{Code: session.CodeConflict, Message: "the file is there already; an upload URL works once"}
}

func tooLarge() error {
	return &session.Error{Code: session.CodePayloadTooLarge, Field: "size", Message: "a file has at most 25 MiB"}
}

func wrongSize(want int64) error {
	return session.Invalid("size", "the body must have %d bytes, as was announced", want)
}

// named returns the file that a URL of ours stands for, with or without its
// query.
func (f *Files) named(text string) (session.ID, bool) {
	text, _, _ = strings.Cut(text, "?")
	rest, ok := strings.CutPrefix(strings.TrimPrefix(text, f.cfg.Base()), prefix)
	if !ok {
		return session.ID{}, false
	}
	id, err := session.ParseID(strings.TrimSuffix(rest, uploadSuffix))
	return id, err == nil
}
