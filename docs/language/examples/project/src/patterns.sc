patterns:
    $city = $entity<City> || converter = cityConverter
