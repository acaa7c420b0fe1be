require: cities-en.csv
    name = Cities
    var = $Cities

init:
    $converters.cityConverter = function(parseTree) {
        return $Cities[parseTree.Cities[0].value].value;
    };

patterns:
    $City = $entity<Cities> || converter = $converters.cityConverter
