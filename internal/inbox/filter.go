package inbox

import (
	"encoding/base64"
	"encoding/binary"
	"slices"

	"parley/internal/session"
)

// Tab of the desk's list. Without a status each shows what is active.
type Tab string

// Tabs.
const (
	TabMine       Tab = "mine"       // the viewer has it
	TabUnassigned Tab = "unassigned" // it waits in the queue
	TabAll        Tab = "all"
)

// Sort of the list.
type Sort string

// Sorts.
const (
	SortLatest  Sort = "latest"  // last message first
	SortWaiting Sort = "waiting" // who waits longest first; who does not wait after them, last message first
)

// Filter selects rows. Zero fields select all; Tab defaults to all and Sort to
// latest.
type Filter struct {
	Tab         Tab
	Viewer      string // agent id; required for TabMine
	Status      Status // "": what is active
	Department  string
	Integration string
	Agent       string // who has it
	Client      session.ID
	Sort        Sort
	Query       string // words in its messages or of its person: [ParseQuery]
	Hidden      bool   // the viewer sees masked fields as ***, and so does not find by them
	After       string // Page.Next of the page before
	Limit       int    // 1 to MaxPage; 0 = DefaultPage
}

// Pages of the list, in rows.
const (
	DefaultPage = 50
	MaxPage     = 200
)

// Check fills the defaults and refuses what is out of range, naming the field.
func (f *Filter) Check() error {
	if f.Tab == "" {
		f.Tab = TabAll
	}
	if f.Sort == "" {
		f.Sort = SortLatest
	}
	if f.Limit == 0 {
		f.Limit = DefaultPage
	}
	switch {
	case !slices.Contains([]Tab{TabMine, TabUnassigned, TabAll}, f.Tab):
		return session.Invalid("tab", "must be mine, unassigned or all")
	case f.Tab == TabMine && f.Viewer == "":
		return session.Invalid("tab", "mine needs a viewer")
	case f.Sort != SortLatest && f.Sort != SortWaiting:
		return session.Invalid("sort", "must be latest or waiting")
	case f.Status != "" && f.Status != StatusAny && !slices.Contains(Statuses(), f.Status):
		return session.Invalid("status", "must be any or one of %v", Statuses())
	case f.Limit < 1 || f.Limit > MaxPage:
		return session.Invalid("limit", "must be 1 to %d", MaxPage)
	}
	if _, err := ParseQuery(f.Query); f.Query != "" && err != nil {
		return err
	}
	_, err := f.Position()
	return err
}

// Position is where a page ended: the sort key and the thread of its last row.
type Position struct {
	Key int64 // [Row.Key]
	ID  session.ID
}

// Key returns what the row is sorted by, ascending; rows of one key follow
// each other by id.
func (r *Row) Key(sort Sort) int64 {
	const behind = 1 << 53 // after every time there is
	if sort == SortWaiting && r.WaitingMs != 0 {
		return int64(r.WaitingMs)
	}
	return behind - r.LastMs
}

// next returns the cursor after a row.
func (r *Row) next(sort Sort) string {
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(r.ID[:], uint64(r.Key(sort))))
}

// Position reads After; nil for the first page.
func (f *Filter) Position() (*Position, error) {
	if f.After == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(f.After)
	var p Position
	if err != nil || len(raw) != len(p.ID)+8 {
		return nil, session.Invalid("after", "is not a cursor of this list")
	}
	copy(p.ID[:], raw)
	p.Key = int64(binary.BigEndian.Uint64(raw[len(p.ID):]))
	return &p, nil
}

// Page is a part of the list.
type Page struct {
	Rows   []*Row
	Next   string // cursor of the page after; "" for the last
	Cursor int64  // of the feed: every update up to it is in the rows
}

// Has reports whether a row belongs to the list of a filter, its query left
// aside.
func (f *Filter) Has(r *Row) bool {
	switch {
	case f.Status == "" && !r.Status.Active(), f.Status != "" && f.Status != StatusAny && r.Status != f.Status,
		f.Tab == TabMine && r.AgentID() != f.Viewer,
		f.Tab == TabUnassigned && r.Owner.Kind != session.OwnerQueue,
		f.Department != "" && r.Department != f.Department,
		f.Integration != "" && r.Integration != f.Integration,
		f.Agent != "" && r.AgentID() != f.Agent,
		!f.Client.IsZero() && r.Client != f.Client:
		return false
	}
	return true
}
