package desk

import "slices"

// Role says what an agent may do at the desk.
type Role string

// Each role may do what the next one may, and more.
const (
	RoleAdmin   Role = "admin"
	RoleManager Role = "manager"
	RoleAgent   Role = "agent"
	RoleViewer  Role = "viewer"
)

// Permission is one kind of deed at the desk.
type Permission string

const (
	PermissionRead   Permission = "read"   // see conversations, masked fields as stars
	PermissionAnswer Permission = "answer" // own, answer and move conversations
	PermissionManage Permission = "manage" // reports, departments, what all share, masked fields
	PermissionAdmin  Permission = "admin"  // accounts, audit, erase and export
)

// Permissions returns what the role may do; nothing for an unknown role.
func (r Role) Permissions() []Permission {
	all := []Permission{PermissionRead, PermissionAnswer, PermissionManage, PermissionAdmin}
	rank := slices.Index([]Role{RoleViewer, RoleAgent, RoleManager, RoleAdmin}, r)
	return all[:rank+1]
}

// Allows reports whether the role has the permission.
func (r Role) Allows(p Permission) bool { return slices.Contains(r.Permissions(), p) }

// Known reports whether the role is one of the four.
func (r Role) Known() bool { return len(r.Permissions()) > 0 }
