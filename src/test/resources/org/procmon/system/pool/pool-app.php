<?php
header('Content-Type: text/plain');
echo $_SERVER['QUERY_STRING'], ' ', getmypid();
