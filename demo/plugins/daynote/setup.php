<?php

/**
 * Note of the day: a note on GLPI's home page.
 *
 * License: MIT OR Apache-2.0, as the rest of the repository that it comes from.
 */

define('PLUGIN_DAYNOTE_VERSION', '1.0.0');
// This one is in, the other one is not.
define('PLUGIN_DAYNOTE_MIN_GLPI', '10.0.0');
define('PLUGIN_DAYNOTE_MAX_GLPI', '11.1.0');

function plugin_init_daynote(): void
{
    global $PLUGIN_HOOKS;

    // GLPI 10 asks for it; GLPI 11 takes it for granted.
    $PLUGIN_HOOKS['csrf_compliant']['daynote'] = true;
    if (!Plugin::isPluginActive('daynote')) {
        return;
    }
    Plugin::registerClass('PluginDaynoteNote', ['addtabon' => ['Central', 'Config']]);
}

function plugin_version_daynote(): array
{
    return [
        'name'         => 'Note of the day',
        'version'      => PLUGIN_DAYNOTE_VERSION,
        'author'       => 'Latchkey',
        'license'      => 'MIT',
        'requirements' => [
            'glpi' => [
                'min' => PLUGIN_DAYNOTE_MIN_GLPI,
                'max' => PLUGIN_DAYNOTE_MAX_GLPI,
            ],
            'php' => [
                'min' => '7.4',
            ],
        ],
    ];
}

function plugin_daynote_check_prerequisites(): bool
{
    return true;
}

function plugin_daynote_check_config(bool $verbose = false): bool
{
    return true;
}
