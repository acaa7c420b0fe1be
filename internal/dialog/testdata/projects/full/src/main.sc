require: text/text.sc
  module = sys.zb-common
  injector = {
      question: "What, then?",
      "next": "/Start", slotfilling: {
    stopOnAnyIntent: true,
  }}
require: text/text.sc
    module = sys.zb-common
    rootTheme = /Again
require: parts/part.sc
require: {{$injector.folder}}/part.sc
require: /parts/part.sc
require: scenarios/**.sc
require: scenarios/*/*.sc
require: data/names.csv
    name = $Names
    var = $Names
    strict = true
require: data/plain.csv || var = plain
require: data/faq.yaml
    var = faq
require: helper.js
require: es6.js
    type = scriptEs6
    name = tools
theme: /
    state: Start
        q!: $Text
        q: $entity<Names>
        go!: /Part
