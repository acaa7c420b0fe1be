require: mian.js
require: ../../outside.js
require: main.txt
require: x.sc
    module = house-module
require: dateTime/dateTime.sc
    module = sys.zb-common
require: text/texts.sc
    module = sys.zb-common
require: y.sc
    module = sys.zb-comon
require:
require: data.csv
    name = Names
    injector = [1]
require: empty/*.sc
require: {{$session.x}}.sc
require: bad.yaml || var = bad
require: alias.yaml || var = alias
require: data.csv
require: main.js
    type = typescript
    nmae = x
theme: /
    state: A
        go!: /InTheMissingModule
