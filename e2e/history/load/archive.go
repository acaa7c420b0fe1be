package load

import (
	"context"

	"parley/e2e/history"
)

// Archive is a backup of a program at work, and when it was made: between two
// moments in Unix nanoseconds of the run's recorder.
type Archive struct {
	File     string
	From, To int64
}

// Backup has the running program write an archive.
func (p *Program) Backup(ctx context.Context, rec *Recorder, file string) (Archive, error) {
	a := Archive{File: file, From: rec.Now()}
	err := p.Command(ctx, "backup", "--data", p.Dir, file)
	a.To = rec.Now()
	return a, err
}

// Restore fills the place of a program that is not running from an archive.
func (p *Program) Restore(ctx context.Context, a Archive) error {
	return p.Command(ctx, "restore", "--data", p.Dir, a.File)
}

// Of returns what the archive must show of a run.
func (a Archive) Of(run *history.History, restored *history.Facts) *history.History {
	return run.Cut(restored, a.From, a.To)
}
