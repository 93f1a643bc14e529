<?php
header('Content-Type: text/plain');
echo 'worker ', getenv('PROCMON_INSTANCE'), "\n";
