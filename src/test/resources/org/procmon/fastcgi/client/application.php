<?php
// A FastCGI application for tests: see ApplicationContract.java.
function fill($pieces) {
    $piece = str_repeat('x', 65536);
    for (; $pieces != 0; $pieces--) {
        echo $piece;
        flush();
    }
}

header('Content-Type: text/plain');
header('X-Peer: yes');
switch ($_SERVER['QUERY_STRING']) {
    case 'echo':
        $in = fopen('php://input', 'rb');
        while (!feof($in)) {
            echo fread($in, 65536);
            flush();
        }
        break;
    case 'big':
        fill(128);
        break;
    case 'endless':
        fill(-1);
        break;
    case 'stderr':
        error_log('oops');
        echo 'done';
        break;
    default:
        echo $_SERVER['REQUEST_METHOD'], ' ', $_SERVER['QUERY_STRING'];
}
