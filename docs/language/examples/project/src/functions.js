function listed(items) {
    return items.join(" and ");
}

$global.cityConverter = function(node) {
    return $Cities[node.City[0].value].value;
};

// In a file the variables are reached through the context.
function remember(name, value) {
    $jsapi.context().session[name] = value;
}
