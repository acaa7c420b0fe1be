require: color-en.csv
    name = Colors
    var = $Colors

init:
    $converters.colorConverter = function(parseTree) {
        return $Colors[parseTree.Colors[0].value].value;
    };

patterns:
    $Color = $entity<Colors> || converter = $converters.colorConverter
