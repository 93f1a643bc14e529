<?php
// The front page of a site: any path without a file comes here.
header('Content-Type: text/plain');
$user = posix_getpwuid(posix_geteuid());
echo basename(__DIR__), ' of ', $user['name'], ': ', $_SERVER['REQUEST_URI'], "\n";
