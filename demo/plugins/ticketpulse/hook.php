<?php

function plugin_ticketpulse_install(): bool
{
    return true;
}

function plugin_ticketpulse_uninstall(): bool
{
    return true;
}
