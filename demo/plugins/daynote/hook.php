<?php

function plugin_daynote_install(): bool
{
    return true;
}

function plugin_daynote_uninstall(): bool
{
    Config::deleteConfigurationValues('plugin:daynote', ['note']);

    return true;
}
