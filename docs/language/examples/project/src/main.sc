require: patterns.sc
require: functions.js
require: cities.csv
    name = City
    var = $Cities
require: menu.yaml
    var = menu
require: scenarios/*.sc
require: shop/shop.sc
    rootTheme = /Branch
    injector = {"currency": "pound"}
require: hello.sc
    module = greetings

theme: /

    state: Start
        q!: start
        a: {{ menu.title }}: {{ listed(menu.items) }}, at most {{ $injector.limits.items }}, paid in {{ $injector.currency }}s.
