# Runs on a computer for a tool that runs scripts there, such as Configuration Manager, Intune, or Ansible: it lists jobs or calls a method
# for jobs, and prints one line of JSON. It changes only the jobs with the given IDs. Run as SYSTEM, it reaches the jobs of all accounts.
param(
    # The tool: configuration-manager, intune, or ansible. The answer fits the output that the tool keeps.
    [string]$Tool = 'ansible',
    # list, cancel, suspend, resume, or complete.
    [string]$Action = 'list',
    # The IDs of the jobs, separated by commas, for every action but list.
    [string]$JobId = '',
    # The conditions of list: a name and an owner (SID) with wildcards, and the names of states, separated by commas.
    [string]$DisplayName = '',
    [string]$Owner = '',
    [string]$State = '',
    # bits or delivery-optimization.
    [string]$Service = 'bits'
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$request = @{ Tool = $Tool; Action = $Action; JobId = $JobId; DisplayName = $DisplayName; Owner = $Owner; State = $State; Service = $Service }
$code = 3
try {
    Import-Module -Name ("$PSScriptRoot/runner.psm1" -replace '[][*?`]', '`$0')
    $answer = Invoke-RunnerRequest $request
    $answer.Line
    $code = $answer.ExitCode
}
catch {
    # Without .NET calls, which fail in Constrained Language Mode.
    $name = if ("$($ExecutionContext.SessionState.LanguageMode)" -ne 'FullLanguage') { 'CONSTRAINED_LANGUAGE' } else { 'MODULE_BROKEN' }
    $line = "$($_.InvocationInfo.ScriptLineNumber)" -replace '[^0-9]'
    '{"backgroundCopy":1,"error":{"code":"' + $name + '","detail":"' + $line + '"}}'
}
exit $code
