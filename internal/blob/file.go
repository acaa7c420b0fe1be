package blob

import (
	"context"
	"io"
	"strings"

	"parley/internal/session"
)

// State of a file. It only moves forward.
type State string

const (
	StateReserved State = "reserved" // an upload URL was given
	StateReady    State = "ready"    // its bytes are there
	StateUsed     State = "used"     // a message names it
)

// File is one file of a chain of sessions.
type File struct {
	ID          session.ID
	Integration string
	Chain       session.ID
	Client      session.ID
	Name        string // as the client called it; text, never a path
	Type        string // media type without parameters
	Size        int64  // bytes; of a reserved one what was announced, 0 when nothing was
	SHA256      []byte // nil while reserved
	Object      string // where its bytes lie; "" while reserved
	State       State
	CreatedMs   int64
}

// ServedType is the media type under which the bytes are given out. Scripts and
// styles lose theirs: a page of this server may load its own ones by address,
// and must not find one that a stranger uploaded.
func (f *File) ServedType() string {
	const plain = "application/octet-stream"
	kind, sub, _ := strings.Cut(f.Type, "/")
	switch {
	case kind == "image" || kind == "audio" || kind == "video" || f.Type == "text/plain" || f.Type == "text/csv":
		return f.Type
	case kind == "text" || strings.Contains(sub, "script") || strings.Contains(sub, "json") || strings.Contains(sub, "xml") || sub == "wasm":
		return plain
	}
	return f.Type
}

// Index is the port of what files are. Methods return session.ErrNoRow where
// there is none.
type Index interface {
	// AddFile adds a reserved file; added is false when its client has so many
	// files already that no message names.
	AddFile(ctx context.Context, f *File, unused int) (added bool, err error)
	File(ctx context.Context, id session.ID) (*File, error)
	// FinishFile makes a reserved file ready; done is false when it is not
	// reserved any more.
	FinishFile(ctx context.Context, f *File) (done bool, err error)
	// UseFiles marks files as named by a message.
	UseFiles(ctx context.Context, ids []session.ID) error
	// DropFiles deletes rows that are not in use and were created before, and
	// returns the objects that lose their row, at most limit of them.
	DropFiles(ctx context.Context, state State, beforeMs int64, limit int) (objects []string, n int, err error)
	// ClientFiles returns the files of a client. Their rows go with the client's other
	// rows when it is erased.
	ClientFiles(ctx context.Context, client session.ID) ([]*File, error)
	// Owned tells which of the objects have a row.
	Owned(ctx context.Context, objects []string) (map[string]bool, error)
}

// Objects is the port of the bytes. Names are made by the program.
type Objects interface {
	// Put stores everything that r gives under a name, whole or not at all, and
	// durably. An error of r is returned as it is; a full or failing disk is
	// session.CodeUnavailable.
	Put(ctx context.Context, name string, r io.Reader) error
	// Open returns the bytes of an object; fs.ErrNotExist where there is none.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
	// Delete removes an object; one that is not there is no error.
	Delete(ctx context.Context, name string) error
	// Older calls each with the names of objects, and of what was left half
	// written, that were last touched before a moment.
	Older(ctx context.Context, beforeMs int64, each func(name string) error) error
}
