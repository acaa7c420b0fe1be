// The person's name, as the channel or $parley.updateContext put it into the
// session's context.
function displayName() {
    return $jsapi.context().request.data.context.user.display_name;
}

function greetedName() {
    return displayName() ? ", " + displayName() : "";
}
