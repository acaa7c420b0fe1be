package session

import "context"

// Alone runs do while no other node runs anything under the same name: for
// what is read, decided and written in one go, as a mutex does within a process.
// A node that stands still for seconds loses the right without being told; what
// must never happen is therefore refused by the store, too. nil is the only node.
type Alone func(ctx context.Context, name string, do func(context.Context) error) error

// Run is do, alone.
func (a Alone) Run(ctx context.Context, name string, do func(context.Context) error) error {
	if a == nil {
		return do(ctx)
	}
	return a(ctx, name, do)
}
